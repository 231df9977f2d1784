"""Lose a pool that somebody has deleted on the platform, and nobody's code with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.effects import IssueDiscount
from app.models.effect import queue
from app.models.member import lock_members
from app.models.pool import Pool, forget_codes
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop


def lose_pool(session: Session, shop: Shop, pool_id: UUID, *, at: datetime) -> None:
    """Begin a pool anew: its codes are gone, but for those that members hold.

    These become discounts of their own under the same code, so that a shopper who has written one
    down does not even notice. What is on its way to its end ends: the code is dead already.
    """
    pool = session.get_one(Pool, (shop.id, pool_id))
    pool.ref = pool.adding_ref = pool.adding_since = None
    forget_codes(session, pool)
    query = select(Redemption).where(
        Redemption.shop_id == shop.id,
        Redemption.pool_id == pool_id,
        Redemption.state == RedemptionState.READY,
    )
    holders = {redemption.member_id for redemption in session.scalars(query)}
    lock_members(session, shop.id, holders)
    lost = list(session.scalars(query.execution_options(populate_existing=True)))
    for redemption in lost:
        redemption.state = RedemptionState.ISSUING
        redemption.pool_id = None
    queue(session, shop.id, [IssueDiscount(str(one.id)) for one in lost], at=at)
