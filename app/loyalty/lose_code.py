"""Lose a code that somebody has deleted or switched off on the platform: its points come back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.effects import RefillPool
from app.loyalty.cancel import cancel
from app.models.effect import queue
from app.models.pool import Pool
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop


def lose_discount(session: Session, shop: Shop, ref: str, *, at: datetime) -> None:
    """Carry out that a discount is gone: the code that it was, or the pool that hung under it.

    What was none of ours changes nothing, nor does what we have heard before.
    """
    query = select(Redemption.id).where(Redemption.shop_id == shop.id, Redemption.given_ref == ref)
    redemption_id = session.scalars(query).one_or_none()
    if redemption_id is not None:
        lose_code(session, shop, redemption_id, at=at)
    pools = select(Pool.reward_code).where(Pool.shop_id == shop.id, Pool.ref == ref)
    # Filling a pool up finds that it is gone, and begins it anew.
    queue(session, shop.id, [RefillPool(one) for one in session.scalars(pools)], at=at)


def lose_code(session: Session, shop: Shop, redemption_id: UUID, *, at: datetime) -> bool:
    """Undo a redemption whose code nobody can use any more; whether it still stood.

    As if the merchant had undone it: the points come back when the platform has confirmed it, and
    an order that used the code after all spends them again.
    """
    redemption = session.get_one(Redemption, (shop.id, redemption_id), populate_existing=True)
    if redemption.state != RedemptionState.READY:
        return False
    return cancel(session, shop, redemption_id, customer_id=None, at=at).state != (
        RedemptionState.READY
    )
