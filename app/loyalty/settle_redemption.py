"""Spend what an order's codes cost, and give back what its refunds return of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer, moves
from app.domain.order import Order
from app.domain.program import RETURNED_POINTS_LIVE_DAYS, Program
from app.domain.settlement import Position, spent_points_back
from app.loyalty.post import Posting, written_at_once
from app.models.member import Member, lock_members
from app.models.redemption import (
    Redemption,
    RedemptionState,
    redemption_by_id,
    redemptions_by_code,
    redemptions_used_by,
)


def find_redemptions(
    session: Session, shop_id: int, orders: Sequence[Order]
) -> dict[str, Redemption]:
    """The redemptions that these orders use or have used, by their codes."""
    codes = {code for order in orders for code in order.codes}
    used = redemptions_used_by(session, shop_id, {order.order_id for order in orders})
    return {one.code: one for one in used} | redemptions_by_code(session, shop_id, codes)


def lock_redemption(
    session: Session, shop_id: int, redemption_id: UUID
) -> tuple[Redemption, Member]:
    """A redemption and its member, fresh, and ours until the commit. Raises UnknownRedemption."""
    while True:
        member_id = redemption_by_id(session, shop_id, redemption_id).member_id
        member = lock_members(session, shop_id, [member_id])[member_id]
        redemption = redemption_by_id(session, shop_id, redemption_id)
        if redemption.member_id == member.id:
            return redemption, member
        # Their member was merged into another one while we waited for the lock.


def post_redemptions(
    posting: Posting,
    members: Mapping[UUID, Member],
    redemptions: Mapping[str, Redemption],
    order: Order,
    program: Program,
    *,
    at: datetime,
) -> None:
    """Bring the points behind an order's codes to where they should be.

    A code that was undone or had expired is spent again when an order used it all the same.
    """
    for redemption in redemptions.values():
        uses_it = redemption.code in order.codes and redemption.order_id is None
        if not uses_it and redemption.order_id != order.order_id:
            continue
        redemption.order_id = order.order_id
        redemption.state = RedemptionState.USED
        back = spent_points_back(
            redemption.cost_points, redemption.code, order, program.spent_return
        )
        spent = redemption.cost_points - back
        wanted = {Account.AVAILABLE: -spent, Account.SPENT: spent}
        add_moves(posting, members[redemption.member_id], redemption, wanted, at=at)


def move_points(
    session: Session, member: Member, redemption: Redemption, wanted: Position, *, at: datetime
) -> None:
    """Bring a redemption's points to a position; moving them there twice moves nothing."""
    with written_at_once(session) as posting:
        add_moves(posting, member, redemption, wanted, at=at)


def add_moves(
    posting: Posting, member: Member, redemption: Redemption, wanted: Position, *, at: datetime
) -> None:
    """Decide what brings a redemption's points to a position, to be posted with the rest."""
    found = moves(redemption.position, wanted)
    if not found:
        return
    redemption.moves += 1
    transfers = [
        Transfer(
            key=f"redemption:{redemption.id}:move:{redemption.moves}:{source}-{target}",
            source=source,
            target=target,
            points=points,
            occurred_at=at,
            reason=_reason(source, target),
            redemption_id=str(redemption.id),
            revision=redemption.revision,
            expires_at=_expiry_of_returned(redemption, at) if target is Account.AVAILABLE else None,
            note=redemption.code,
        )
        for source, target, points in found
    ]
    posting.add(member, transfers)
    redemption.held = wanted.get(Account.HELD, 0)
    redemption.spent = wanted.get(Account.SPENT, 0)
    redemption.donated = wanted.get(Account.DONATED, 0)


def spend(session: Session, member: Member, redemption: Redemption, *, at: datetime) -> None:
    """Spend all that a redemption costs, without an order: it was given for good."""
    cost = redemption.cost_points
    wanted = {Account.AVAILABLE: -cost, Account.SPENT: cost}
    move_points(session, member, redemption, wanted, at=at)


def _expiry_of_returned(redemption: Redemption, at: datetime) -> datetime | None:
    """Points that come back live on for a while, even if their lot is over by now."""
    if redemption.points_expire_at is None:
        return None
    return max(redemption.points_expire_at, at + timedelta(days=RETURNED_POINTS_LIVE_DAYS))


def _reason(source: Account, target: Account) -> Reason:
    if target is Account.SPENT:
        return Reason.SPEND
    if target is Account.DONATED:
        return Reason.DONATE
    if target is Account.HELD:
        return Reason.REDEEM
    return Reason.GIVE_BACK if source is Account.HELD else Reason.SPENT_RETURN
