"""Undo redemptions: by wish, by time, or because the platform would not have the code.

Points come back only when the code can no longer be used, which the platform must confirm first.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.effects import KillDiscount
from app.domain.errors import NotCancelable, UnknownRedemption
from app.loyalty.settle_redemption import move_points
from app.models.effect import queue
from app.models.member import lock_members, member_of
from app.models.redemption import Redemption, RedemptionState, redemption_by_id
from app.models.shop import Shop

_AFTER = {
    RedemptionState.CANCELING: RedemptionState.CANCELED,
    RedemptionState.EXPIRING: RedemptionState.EXPIRED,
}


def cancel(
    session: Session, shop: Shop, redemption_id: UUID, *, customer_id: str | None, at: datetime
) -> Redemption:
    """Begin to undo an unused code; asking twice is asking once.

    With a customer id only that customer's own redemption is found; a merchant needs none.
    Raises UnknownRedemption, and NotCancelable for a code that is used or not made yet.
    """
    redemption = redemption_by_id(session, shop.id, redemption_id)
    lock_members(session, shop.id, [redemption.member_id])
    redemption = redemption_by_id(session, shop.id, redemption_id)
    if customer_id is not None:
        member = member_of(session, shop.id, customer_id)
        if member is None or member.id != redemption.member_id:
            raise UnknownRedemption("There is no such redemption.")
    if redemption.state in (RedemptionState.CANCELING, RedemptionState.CANCELED):
        return redemption
    if redemption.state != RedemptionState.READY:
        raise NotCancelable(
            f"The code {redemption.code} cannot be undone: it is {redemption.state}."
        )
    _end(session, shop, redemption, RedemptionState.CANCELING, at=at)
    return redemption


def expire_codes(session: Session, shop: Shop, *, at: datetime) -> int:
    """Begin to end the codes whose time is over; returns how many there were."""
    query = select(Redemption).where(
        Redemption.shop_id == shop.id,
        Redemption.state == RedemptionState.READY,
        Redemption.ends_at <= at,
    )
    over = list(session.scalars(query.order_by(Redemption.id).limit(500)))
    lock_members(session, shop.id, {redemption.member_id for redemption in over})
    for redemption in over:
        session.refresh(redemption)
        if redemption.state == RedemptionState.READY:
            _end(session, shop, redemption, RedemptionState.EXPIRING, at=at)
    return len(over)


def _end(
    session: Session, shop: Shop, redemption: Redemption, state: RedemptionState, *, at: datetime
) -> None:
    redemption.state = state
    queue(session, shop.id, [KillDiscount(str(redemption.id))], at=at)


def code_is_ready(session: Session, shop: Shop, redemption_id: UUID, *, at: datetime) -> None:
    """The platform has the code. One that was undone meanwhile is killed again."""
    redemption = redemption_by_id(session, shop.id, redemption_id)
    lock_members(session, shop.id, [redemption.member_id])
    redemption = redemption_by_id(session, shop.id, redemption_id)
    if redemption.state == RedemptionState.ISSUING:
        redemption.state = RedemptionState.READY
        redemption.error = None
    elif redemption.state in (*_AFTER, *_AFTER.values(), RedemptionState.FAILED):
        queue(session, shop.id, [KillDiscount(str(redemption.id))], at=at)


def code_is_refused(
    session: Session, shop: Shop, redemption_id: UUID, *, error: str, at: datetime
) -> None:
    """The platform will not have the code, for good: the points come back at once."""
    redemption = redemption_by_id(session, shop.id, redemption_id)
    member = lock_members(session, shop.id, [redemption.member_id])[redemption.member_id]
    redemption = redemption_by_id(session, shop.id, redemption_id)
    if redemption.state == RedemptionState.ISSUING:
        redemption.state = RedemptionState.FAILED
        redemption.error = error[:500]
        move_points(session, member, redemption, {}, at=at)


def code_is_in_doubt(
    session: Session, shop: Shop, redemption_id: UUID, *, error: str, at: datetime
) -> None:
    """Nobody knows whether the platform has the code: kill it, then give the points back."""
    redemption = redemption_by_id(session, shop.id, redemption_id)
    lock_members(session, shop.id, [redemption.member_id])
    redemption = redemption_by_id(session, shop.id, redemption_id)
    if redemption.state == RedemptionState.ISSUING:
        redemption.error = error[:500]
        _end(session, shop, redemption, RedemptionState.CANCELING, at=at)


def code_is_dead(session: Session, shop: Shop, redemption_id: UUID, *, at: datetime) -> None:
    """The platform confirms that nobody can use the code any more: the points come back."""
    redemption = redemption_by_id(session, shop.id, redemption_id)
    member = lock_members(session, shop.id, [redemption.member_id])[redemption.member_id]
    redemption = redemption_by_id(session, shop.id, redemption_id)
    after = _AFTER.get(RedemptionState(redemption.state))
    if after is not None:
        redemption.state = after
        move_points(session, member, redemption, {}, at=at)


def code_was_used(session: Session, shop: Shop, redemption_id: UUID) -> None:
    """An order took the code before we could kill it: the points stay held until it arrives."""
    redemption = redemption_by_id(session, shop.id, redemption_id)
    lock_members(session, shop.id, [redemption.member_id])
    redemption = redemption_by_id(session, shop.id, redemption_id)
    if redemption.state in _AFTER:
        redemption.state = RedemptionState.USED
