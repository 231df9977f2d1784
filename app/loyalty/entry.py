"""Reward reaching a tier, with the order that led there; take it back when that order goes back."""

from collections.abc import Sequence

from app.domain.earning import NoPoints
from app.domain.order import Order
from app.domain.settlement import keeps_entry
from app.domain.tiers import Tier
from app.models.member import Member
from app.models.order import OrderRecord


def reward_entry(member: Member, record: OrderRecord, order: Order, passed: Sequence[Tier]) -> bool:
    """Note the points for tiers that an order has led to; each tier is rewarded once.

    Returns whether the order's position has changed by it. When all of the order goes back, its
    tiers can be reached, and rewarded, anew by another.
    """
    if not keeps_entry(order):
        lost = {code for code in record.entry if member.entered.get(code) == record.order_id}
        member.entered = {key: one for key, one in member.entered.items() if key not in lost}
        return False
    if record.award is not None and record.award.why_none is NoPoints.HOLDOUT:
        return False
    new = {
        tier.code: tier.entry_points
        for tier in passed
        if tier.entry_points and tier.code not in member.entered
    }
    if new:
        record.entry = record.entry | new
        member.entered = member.entered | dict.fromkeys(new, record.order_id)
    return bool(new)
