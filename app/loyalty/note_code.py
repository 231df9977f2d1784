"""Note what the platform says of a redemption's code, and move the points accordingly.

Each of these may be told twice, late, or after the redemption has gone on: then it changes nothing.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.effects import KillDiscount
from app.loyalty.cancel import begin_end
from app.loyalty.give_again import is_deserved
from app.loyalty.settle_redemption import lock_redemption, move_points, spend
from app.models.effect import queue
from app.models.fact import FactKind, journal
from app.models.redemption import RedemptionState
from app.models.shop import Shop

_AFTER = {
    RedemptionState.CANCELING: RedemptionState.CANCELED,
    RedemptionState.EXPIRING: RedemptionState.EXPIRED,
}


def code_is_ready(
    session: Session, shop: Shop, redemption_id: UUID, ref: str | None = None, *, at: datetime
) -> None:
    """The platform has the code, under an id of its own. One undone meanwhile is killed again."""
    redemption, _ = lock_redemption(session, shop.id, redemption_id)
    if redemption.state == RedemptionState.ISSUING:
        redemption.state = RedemptionState.READY
        redemption.given_ref = ref
        redemption.error = None
        _journal(session, shop, FactKind.READY, redemption_id, at, ref=ref)
    elif redemption.state in (*_AFTER, *_AFTER.values(), RedemptionState.FAILED):
        queue(session, shop.id, [KillDiscount(str(redemption.id))], at=at)


def gift_is_given(
    session: Session, shop: Shop, redemption_id: UUID, ref: str | None, *, at: datetime
) -> None:
    """The platform has given it, for good: its points are spent.

    That may turn out only when we are about to undo it, because no answer had come.
    """
    redemption, member = lock_redemption(session, shop.id, redemption_id)
    if redemption.state in (RedemptionState.ISSUING, RedemptionState.CANCELING):
        redemption.state = RedemptionState.DONE
        redemption.given_at = at
        redemption.given_ref = ref
        redemption.error = None
        spend(session, member, redemption, at=at)
        _journal(session, shop, FactKind.GIVEN, redemption_id, at, ref=ref)


def code_is_refused(
    session: Session, shop: Shop, redemption_id: UUID, *, error: str, at: datetime
) -> None:
    """The platform will not have the code, for good: the points come back at once.

    What a tier promised is owed, unless the order that led there has gone back meanwhile.
    """
    redemption, member = lock_redemption(session, shop.id, redemption_id)
    if redemption.state == RedemptionState.ISSUING:
        redemption.state = RedemptionState.FAILED
        if redemption.is_owed and not is_deserved(session, member, redemption):
            redemption.state = RedemptionState.CANCELED
        redemption.error = error[:500]
        move_points(session, member, redemption, {}, at=at)
        _journal(session, shop, FactKind.REFUSED, redemption_id, at, error=error[:500])


def code_is_in_doubt(
    session: Session, shop: Shop, redemption_id: UUID, *, error: str, at: datetime
) -> None:
    """Nobody knows whether the platform has the code: kill it, then give the points back."""
    redemption, _ = lock_redemption(session, shop.id, redemption_id)
    if redemption.state == RedemptionState.ISSUING:
        redemption.error = error[:500]
        begin_end(session, shop, redemption, RedemptionState.CANCELING, at=at)
        _journal(session, shop, FactKind.IN_DOUBT, redemption_id, at, error=error[:500])


def code_is_dead(session: Session, shop: Shop, redemption_id: UUID, *, at: datetime) -> None:
    """The platform confirms that nobody can use the code any more: the points come back.

    What a tier promised, and was ended only because nobody knew whether it had been made, is owed.
    """
    redemption, member = lock_redemption(session, shop.id, redemption_id)
    after = _AFTER.get(RedemptionState(redemption.state))
    if after is not None:
        in_doubt = redemption.error is not None
        is_owed = in_doubt and is_deserved(session, member, redemption)
        redemption.state = RedemptionState.FAILED if is_owed else after
        if redemption.given_at is None:
            move_points(session, member, redemption, {}, at=at)
        _journal(session, shop, FactKind.DEAD, redemption_id, at)


def code_was_used(session: Session, shop: Shop, redemption_id: UUID, *, at: datetime) -> None:
    """An order took the code before we could kill it: the points stay held until it arrives."""
    redemption, _ = lock_redemption(session, shop.id, redemption_id)
    if redemption.state in _AFTER:
        redemption.state = RedemptionState.USED
        _journal(session, shop, FactKind.USED, redemption_id, at)


def _journal(
    session: Session,
    shop: Shop,
    kind: FactKind,
    redemption_id: UUID,
    at: datetime,
    **told: str | None,
) -> None:
    journal(session, shop.id, kind, {"redemption": str(redemption_id), **told}, at=at)
