"""How the Admin API writes ids, moments and money."""

from datetime import UTC, datetime
from typing import Any

from demoshop.money import CURRENCY, amount


def gid(kind: str, number: int) -> str:
    """A global id."""
    return f"gid://shopify/{kind}/{number}"


def number_in(kind: str, text: str) -> int:
    """The number in a global id of that kind; -1, which nothing has, for any other text."""
    prefix, _, number = text.rpartition("/")
    return int(number) if prefix == f"gid://shopify/{kind}" and number.isdigit() else -1


def moment(at: datetime | None) -> str | None:
    """A moment, to the second."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_in(text: str) -> datetime:
    """The moment a text names; without a zone it is UTC."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def money(minor: int) -> dict[str, Any]:
    """A MoneyV2."""
    return {"__typename": "MoneyV2", "amount": amount(minor), "currencyCode": CURRENCY}


def bag(minor: int) -> dict[str, Any]:
    """A MoneyBag; both moneys are the shop's own."""
    return {"shopMoney": money(minor), "presentmentMoney": money(minor)}
