"""Undo redemptions, by wish or because their time is over.

Points come back only when the code can no longer be used, which the platform must confirm first.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.effects import KillDiscount, TakeBack
from app.domain.errors import NotCancelable, UnknownRedemption
from app.domain.rewards import Way
from app.domain.sentence import Sentence as _
from app.loyalty.settle_redemption import lock_redemption, move_points
from app.models.effect import close_given_up, queue
from app.models.fact import FactKind, journal
from app.models.member import lock_members, member_of
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop


def cancel(
    session: Session, shop: Shop, redemption_id: UUID, *, customer_id: str | None, at: datetime
) -> Redemption:
    """Begin to undo an unused code; asking twice is asking once.

    With a customer id only that customer's own redemption is found; a merchant needs none, and may
    refuse what is to be done by hand even when some of it is, and let be what a tier still owes.
    What no platform has yet is undone at once. Raises UnknownRedemption, and NotCancelable for a
    code that is used or not made yet.
    """
    redemption, holder = lock_redemption(session, shop.id, redemption_id)
    if customer_id is not None:
        member = member_of(session, shop.id, customer_id)
        if member is None or member.id != redemption.member_id:
            raise UnknownRedemption(_("There is no such redemption."))
    if redemption.state in (RedemptionState.CANCELING, RedemptionState.CANCELED):
        return redemption
    to_do = redemption.state == RedemptionState.WAITING or redemption.is_owed
    refused = to_do and customer_id is None
    if not redemption.is_cancelable and not refused:
        told = _("The code {code} cannot be undone: it is used, over, or not made yet.")
        raise NotCancelable(told.format(code=redemption.code))
    if to_do:
        redemption.state = RedemptionState.CANCELED
        move_points(session, holder, redemption, {}, at=at)
        close_given_up(session, shop.id, str(redemption_id), at=at)
    else:
        begin_end(session, shop, redemption, RedemptionState.CANCELING, at=at)
    fact = {"redemption": str(redemption_id), "by_customer": customer_id is not None}
    journal(session, shop.id, FactKind.CANCELED, fact, at=at)
    return redemption


def expire_codes(session: Session, shop: Shop, *, at: datetime) -> int:
    """Begin to end the codes and tags whose time is over; returns how many there were.

    Platforms end gift cards and credits by themselves.
    """
    given_tag = (Redemption.state == RedemptionState.DONE) & (Redemption.tag != "")
    query = select(Redemption).where(
        Redemption.shop_id == shop.id,
        or_(Redemption.state == RedemptionState.READY, given_tag),
        Redemption.ends_at <= at,
    )
    over = list(session.scalars(query.order_by(Redemption.id).limit(500)))
    end_codes(session, shop, over, at=at)
    return len(over)


def end_codes(session: Session, shop: Shop, over: Sequence[Redemption], *, at: datetime) -> None:
    """Begin to end codes and tags, if they are still to be ended."""
    lock_members(session, shop.id, {redemption.member_id for redemption in over})
    for redemption in over:
        session.refresh(redemption)
        if redemption.state in (RedemptionState.READY, RedemptionState.DONE):
            begin_end(session, shop, redemption, RedemptionState.EXPIRING, at=at)
    if over:
        fact = {"redemptions": [str(redemption.id) for redemption in over]}
        journal(session, shop.id, FactKind.CODES_OVER, fact, at=at)


def take_back(session: Session, shop: Shop, redemption: Redemption, *, at: datetime) -> None:
    """End a locked member's reward that is no longer deserved, unless they have had it by now.

    What the platform may be giving for good at this moment is had, and so is what the merchant has
    begun to do.
    """
    state = RedemptionState(redemption.state)
    is_gift = redemption.way is Way.GIFT
    if redemption.is_owed or (state is RedemptionState.WAITING and redemption.is_cancelable):
        redemption.state = RedemptionState.CANCELED
    elif (
        state is RedemptionState.READY
        or (state is RedemptionState.ISSUING and not (is_gift and redemption.tried_at))
        or (state is RedemptionState.DONE and redemption.tag)
    ):
        begin_end(session, shop, redemption, RedemptionState.CANCELING, at=at)


def begin_end(
    session: Session, shop: Shop, redemption: Redemption, state: RedemptionState, *, at: datetime
) -> None:
    """Have the code killed; the state says what becomes of it when it is dead."""
    redemption.state = state
    kind = TakeBack if redemption.way is Way.GIFT else KillDiscount
    queue(session, shop.id, [kind(str(redemption.id))], at=at)
