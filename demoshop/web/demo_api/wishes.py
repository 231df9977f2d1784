"""What a program asks for, read from JSON; nonsense is refused at the door."""

from typing import Any

from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from demoshop.host.faults import MOST_TIMES, Fault
from demoshop.selling.price import BasketLine, Buyer
from demoshop.web.find import persona_named, product_named

MOST = 999


def whole_number(value: Any, name: str, most: int = MOST) -> int:
    """A number from one upward."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise BadRequest(f"{name} is a whole number between 1 and {most}.")
    return value


def basket_of(asked: dict[str, Any]) -> list[BasketLine]:
    """The products and quantities of an order."""
    return [
        BasketLine(product_named(str(line.get("product"))), _quantity(line))
        for line in _entries(asked, "lines")
    ]


def quantities_of(asked: dict[str, Any]) -> dict[int, int]:
    """The lines and quantities of a refund."""
    return {
        whole_number(line.get("line"), "line", most=2**63 - 1): _quantity(line)
        for line in _entries(asked, "lines")
    }


def codes_of(asked: dict[str, Any]) -> list[str]:
    """The codes to try."""
    codes = asked.get("codes") or []
    if not isinstance(codes, list):
        raise BadRequest("codes is a list.")
    return [str(code) for code in codes]


def buyer_of(session: Session, asked: dict[str, Any]) -> Buyer:
    """A persona, or a guest with an e-mail address."""
    if asked.get("persona"):
        who = persona_named(session, str(asked["persona"]))
        return Buyer(who, who.email)
    return Buyer(None, str(asked.get("email") or "guest@example.com"))


def fault_of(asked: dict[str, Any]) -> Fault:
    """How the next calls go wrong. Raises ValueError for what no line does."""
    times = whole_number(asked.get("times", 1), "times", most=MOST_TIMES)
    heard = bool(asked.get("heard"))
    return Fault(str(asked.get("how")), str(asked.get("asked", "")), heard, times)


def _entries(asked: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = asked.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadRequest(f"{name} is a list of objects.")
    return entries


def _quantity(line: dict[str, Any]) -> int:
    return whole_number(line.get("quantity", 1), "quantity")
