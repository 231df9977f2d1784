"""What settling is measured with: a program of every kind of rule, and refunds among the orders."""

from dataclasses import replace
from typing import Any

import orjson

from app.domain.campaigns import Campaign
from app.domain.products import Products
from app.domain.program import Expiry, ExpiryKind, Program
from app.domain.rules import EarningRule, RuleKind
from app.domain.templates import points_and_tiers
from app.domain.text import text
from benchmarks.bodies import CURRENCY, PAID, Sent, order_body

CUSTOMERS = 2_000
"""Whom the orders come from: some are new, some have been here before."""
REFUNDS = 10
"""Each tenth delivery is a refund."""
BEFORE = 25
"""So many deliveries ago came the order that a refund gives a piece of back."""
REFUNDED = "refunds/create"


def full_program() -> Program:
    """Three tiers, three earning rules, double points at weekends, and points that expire."""
    program = points_and_tiers(CURRENCY)
    pieces = EarningRule(
        code="pieces",
        kind=RuleKind.PER_UNIT,
        points=5,
        include=Products(vendors=frozenset({"Nordlys"})),
    )
    large = EarningRule(code="large", kind=RuleKind.PER_ORDER, points=50, minimum_minor=500 * 100)
    weekend = Campaign(
        code="weekend", name=text("Weekend"), weekdays=frozenset({5, 6}), percent=200
    )
    return replace(
        program,
        live=True,
        earning=(*program.earning, pieces, large),
        campaigns=(weekend,),
        expiry=Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=36),
    )


def mixed(size: str, first: int, count: int) -> list[Sent]:
    """Deliveries in the order in which they come: orders, and each tenth a refund of one."""
    sent = orders_of(size, first, count)
    for place in range(BEFORE, count):
        if place % REFUNDS == REFUNDS - 1:
            sent[place] = (REFUNDED, refund_body(sent[place - BEFORE][1], first + place))
    return sent


def orders_of(size: str, first: int, count: int) -> list[Sent]:
    """Paid orders of many customers, none of whom comes twice in a row."""
    return [
        (PAID, order_body(size, number, 1 + number * 7919 % CUSTOMERS))
        for number in range(first, first + count)
    ]


def refund_body(order: bytes, number: int) -> bytes:
    """One piece of an order's first line came back."""
    facts: dict[str, Any] = orjson.loads(order)
    line = facts["line_items"][0]
    returned = {
        "id": number,
        "line_item_id": line["id"],
        "quantity": 1,
        "restock_type": "return",
        "subtotal": float(line["price"]),
        "subtotal_set": line["price_set"],
        "line_item": line,
    }
    return orjson.dumps(
        {
            "id": number,
            "order_id": facts["id"],
            "created_at": facts["created_at"],
            "note": facts["note"],
            "restock": True,
            "refund_line_items": [returned],
            "order_adjustments": [],
            "transactions": [{"kind": "refund", "status": "success", "amount": line["price"]}],
        }
    )
