"""Numbers, money and moments as the merchant's own language writes them, on the shop's clock."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import (
    format_date,
    format_datetime,
    format_timedelta,
    get_locale,
    ngettext,
    to_user_timezone,
)
from flask_babel import format_decimal as _format_decimal
from flask_babel import gettext as _

from app.web import parts
from app.web.storefront.wordings import money

__all__ = [
    "ago",
    "day",
    "file_size",
    "language",
    "moment",
    "money",
    "number",
    "percent",
    "points",
    "signed",
    "typed",
]

MINUS = "\N{MINUS SIGN}"


def language() -> Locale:
    """The language of this page."""
    return get_locale() or Locale("en")


def number(value: int) -> str:
    """A whole number with its thousands marked."""
    return str(_format_decimal(value))


def file_size(size_bytes: int) -> str:
    """How large a file is, in units of a thousand: 12 kB, 3.4 MB."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= size:
            return f"{format_decimal(size_bytes / size, '#,##0.#', language())} {unit}"
    return f"{number(size_bytes)} B"


def points(value: int) -> str:
    """So many points, in words."""
    return str(ngettext("%(number)s point", "%(number)s points", value, number=number(value)))


def orders(value: int, told: str = "") -> str:
    """So many orders, in words; `told` stands for a number that is not known to its end."""
    return str(
        ngettext("%(number)s order", "%(number)s orders", value, number=told or number(value))
    )


def members(value: int) -> str:
    """So many members, in words."""
    return str(ngettext("%(number)s member", "%(number)s members", value, number=number(value)))


def signed(value: int) -> str:
    """A change with its direction: +120, −40."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return sign + number(abs(value))


def percent(hundredths: int) -> str:
    """A share of a hundred: 125 %."""
    return str(_("%(number)s %%", number=number(hundredths)))


def moment(at: datetime) -> str:
    """A date and a time."""
    return str(format_datetime(at, "medium"))


def day(at: datetime) -> str:
    """A date."""
    return str(format_date(at, "medium"))


def since(at: datetime) -> str:
    """A date, and a time unless it is the beginning of that day by the shop's clock."""
    return day(at) if to_user_timezone(at).time() == time() else moment(at)


def ago(at: datetime) -> str:
    """How long ago something was."""
    return str(format_timedelta(min(at - parts.now(), -_SECOND), add_direction=True))


def typed(value: Decimal) -> str:
    """A number as somebody would type it in this language: no thousands mark."""
    return format_decimal(value, format="0.####", locale=language(), group_separator=False)


_SECOND = timedelta(seconds=1)
