"""How one field of a payload is read: as what it must be, or not at all.

A payload is signed, not correct. Whatever is not of the right type, or missing where it matters,
raises NotUnderstood with the field's name. The value is never repeated: it may be personal.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.domain.errors import InvalidMoney, NotUnderstood
from app.domain.money import MOST_MINOR, minor
from app.platforms.shopify.ids import plain

Record = Mapping[str, Any]

MOST_PIECES = 1_000_000

_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")


def identity(record: Record, name: str) -> str:
    """An id, as the digits of a number."""
    found = identity_or_none(record, name)
    if found is None:
        raise NotUnderstood(f"{name!r} is missing.")
    return found


def identity_or_none(record: Record, name: str) -> str | None:
    """An id that may be missing."""
    written = record.get(name)
    if written is None:
        return None
    found = plain(written)
    if found is None:
        raise NotUnderstood(f"{name!r} is not an id.")
    return found


def moment(record: Record, name: str) -> datetime:
    """A moment, in UTC."""
    found = moment_or_none(record, name)
    if found is None:
        raise NotUnderstood(f"{name!r} is missing.")
    return found


def moment_or_none(record: Record, name: str) -> datetime | None:
    """A moment that may be missing, in UTC. One without a time zone could be any."""
    written = record.get(name)
    if written is None:
        return None
    try:
        found = datetime.fromisoformat(written)
        if found.tzinfo is None:
            raise ValueError("no time zone")
        return found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotUnderstood(f"{name!r} is not a moment.") from error


def words(record: Record, name: str, *, most: int = 255) -> str:
    """A text, cut where no honest one goes on; empty when it is missing.

    PostgreSQL cannot keep the character zero, and no text needs it.
    """
    written = record.get(name)
    if written is None:
        return ""
    if not isinstance(written, str):
        raise NotUnderstood(f"{name!r} is not a text.")
    return written[:most].replace("\0", "")


def currency_code(record: Record, name: str) -> str:
    """The three letters of a currency."""
    code = words(record, name)
    if not _CURRENCY.fullmatch(code):
        raise NotUnderstood(f"{name!r} is not a currency.")
    return code


def pieces(record: Record, name: str) -> int:
    """A number of things."""
    written = record.get(name)
    if isinstance(written, bool) or not isinstance(written, int):
        raise NotUnderstood(f"{name!r} is not a number of pieces.")
    if not 0 <= written <= MOST_PIECES:
        raise NotUnderstood(f"{name!r} is not a believable number of pieces.")
    return written


def flag(record: Record, name: str) -> bool:
    """A yes or no; missing is no."""
    written = record.get(name)
    if written is None or isinstance(written, bool):
        return bool(written)
    raise NotUnderstood(f"{name!r} is neither true nor false.")


def inner(record: Record, name: str) -> Record | None:
    """A record within a record, which may be missing."""
    written = record.get(name)
    if written is None or isinstance(written, dict | Mapping):
        return written
    raise NotUnderstood(f"{name!r} is not a record.")


def records(record: Record, name: str) -> list[Record]:
    """A list of records; missing is empty."""
    written = record.get(name)
    if written is None:
        return []
    if not isinstance(written, list) or not all(
        isinstance(entry, dict | Mapping) for entry in written
    ):
        raise NotUnderstood(f"{name!r} is not a list of records.")
    return written


def money(record: Record, name: str, currency: str) -> int:
    """An amount in minor units of the shop's money.

    The set beside a field says which money is the shop's; the plain field means the same one.
    """
    found = money_or_none(record, name, currency)
    if found is None:
        raise NotUnderstood(f"{name!r} is missing.")
    return found


def money_or_none(record: Record, name: str, currency: str) -> int | None:
    """An amount that may be missing, in minor units of the shop's money."""
    both = inner(record, f"{name}_set")
    in_shop = inner(both, "shop_money") if both is not None else None
    written = in_shop.get("amount") if in_shop is not None else record.get(name)
    if written is None:
        return None
    if isinstance(written, str) and not _AMOUNT.fullmatch(written):
        raise NotUnderstood(f"{name!r} is not an amount of money.")
    if isinstance(written, bool) or not isinstance(written, str | int | float | Decimal):
        raise NotUnderstood(f"{name!r} is not an amount of money.")
    try:
        return minor(written, currency)
    except InvalidMoney as error:
        raise NotUnderstood(f"{name!r} is not a believable amount of money.") from error


def believable(minor_units: int, name: str) -> int:
    """A sum that fits where sums are kept."""
    if abs(minor_units) > MOST_MINOR:
        raise NotUnderstood(f"{name!r} is not a believable amount of money.")
    return minor_units
