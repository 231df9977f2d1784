"""Reward reaching a tier, with the order that led there; take it back when that order goes back."""

from collections.abc import Sequence

from app.domain.earning import NoPoints
from app.domain.order import Order
from app.domain.settlement import keeps_entry
from app.domain.tiers import Tier
from app.models.member import Member
from app.models.order import OrderRecord

_GIVING_NOTHING = (NoPoints.HOLDOUT, NoPoints.PAUSED)
"""Why not even a tier's entry gives anything."""


def reward_entry(member: Member, record: OrderRecord, order: Order, passed: Sequence[Tier]) -> bool:
    """Note the points for tiers that an order has led to; each tier is rewarded once.

    Returns whether the order's position has changed by it. When all of the order goes back, its
    tiers can be reached, and rewarded, anew by another; when it counts again, so do they.
    """
    if record.wiped or not keeps_entry(order):
        leave_entries(member, record)
        return False
    if record.award is not None and record.award.why_none in _GIVING_NOTHING:
        return False
    new = {
        tier.code: tier.entry_points
        for tier in passed
        if tier.rewards_entry and tier.code not in member.entered
    }
    counted = new.keys() | (record.entry.keys() - member.entered.keys())
    if counted:
        record.entry = record.entry | new
        member.entered = member.entered | dict.fromkeys(sorted(counted), record.order_id)
    return bool(new)


def entered_by(member: Member, record: OrderRecord) -> set[str]:
    """The tiers whose entry is rewarded to a member because of an order."""
    return {code for code, order_id in member.entered.items() if order_id == record.order_id}


def leave_entries(member: Member, record: OrderRecord) -> None:
    """Note that no tier is entered by an order any more."""
    lost = entered_by(member, record)
    if lost:
        member.entered = {code: one for code, one in member.entered.items() if code not in lost}
