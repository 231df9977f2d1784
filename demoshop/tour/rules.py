"""The tour's own arithmetic: what the published rules promise, worked out apart from the app.

A point for each whole krone of goods after discounts; the tier that the customer had before the
order multiplies the sum, rounded down once. A refund takes back what the returned goods earned,
and gives back the points behind what the code had taken off them; the last part takes the rest.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

MINOR_PER_POINT = 100
EARN_PERCENT = {"bronze": 100, "silver": 125, "gold": 150}

Order = Mapping[str, Any]


def points_earned(order: Order, tier: str) -> int:
    """What an order earns when it is paid."""
    steps = int(order["goods_minor"]) // MINOR_PER_POINT
    return steps * EARN_PERCENT[tier] // 100


def points_kept(order: Order, earned: int) -> int:
    """What is left of those points after the refunds so far."""
    lines = order["lines"]
    if order["canceled"] or not any(line["remaining_quantity"] for line in lines):
        return 0
    whole = sum(int(line["net_minor"]) for line in lines)
    kept = sum((line["net_minor"] * _kept(line) for line in lines), Fraction(0))
    return floor(earned * kept / whole)


def points_returned(order: Order, cost: int) -> int:
    """What comes back of the points behind the order's code after the refunds so far."""
    lines = order["lines"]
    if order["canceled"] or not any(line["remaining_quantity"] for line in lines):
        return cost
    taken = [line["quantity"] * line["price_minor"] - line["net_minor"] for line in lines]
    back = sum(minor * (1 - _kept(line)) for minor, line in zip(taken, lines, strict=True))
    return floor(cost * Fraction(back, sum(taken)))


def tier_of(spend_minor: int, before: str, tiers: Sequence[Mapping[str, Any]]) -> str:
    """The tier for so much spent: never a lower one, since a tier is kept for a year."""
    codes = [tier["code"] for tier in tiers]
    reached = [tier["code"] for tier in tiers if tier["threshold"] <= spend_minor]
    highest: str = max([*reached, before], key=codes.index)
    return highest


def _kept(line: Mapping[str, Any]) -> Fraction:
    return Fraction(line["remaining_quantity"], line["quantity"])
