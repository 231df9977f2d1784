"""The birthday that a member may tell the shop, where the program gives something for it."""

from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from flask_babel import format_decimal, gettext, ngettext

from app.domain.rules import BIRTHDAY_NOTICE_DAYS, ActionKind
from app.loyalty.act import birthday_is_open
from app.web.languages import locale_of_request
from app.web.storefront.form import LEAP_YEAR
from app.web.storefront.views import Visit


def birthday_view(seen: Visit) -> dict[str, Any] | None:
    """What the page says about it, and the months to choose from while it may be entered."""
    points = sum(one.points for one in seen.program.actions if one.kind is ActionKind.BIRTHDAY)
    if seen.member is None or not points or seen.program.paused:
        return None
    month, day = map(int, (seen.member.birthday or "1-1").split("-"))
    known = seen.member.birthday is not None
    return {
        "says": _says(points, date(LEAP_YEAR, month, day) if known else None),
        "month": month if known else None,
        "day": day if known else None,
        "months": _months() if birthday_is_open(seen.member, at=seen.at) else [],
    }


def _says(points: int, birthday: date | None) -> list[str]:
    written = format_decimal(points)
    if birthday is not None:
        day = format_skeleton("MMMMd", birthday, locale=locale_of_request())
        return [
            ngettext(
                "Your birthday is %(day)s. It brings you %(points)s point each year.",
                "Your birthday is %(day)s. It brings you %(points)s points each year.",
                points,
                day=day,
                points=written,
            )
        ]
    return [
        ngettext(
            "Tell us your birthday, and get %(points)s point on the day, each year.",
            "Tell us your birthday, and get %(points)s points on the day, each year.",
            points,
            points=written,
        ),
        gettext(
            "We have to know it %(days)s days before. We keep the day and the month for this"
            " alone, and you can change them once a year.",
            days=format_decimal(BIRTHDAY_NOTICE_DAYS),
        ),
    ]


def _months() -> list[tuple[int, str]]:
    names = Locale.parse(locale_of_request()).months["stand-alone"]["wide"]
    return sorted(names.items())
