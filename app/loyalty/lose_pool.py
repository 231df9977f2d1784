"""Lose a pool that somebody has deleted on the platform, and nobody's code with it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.effects import IssueDiscount
from app.models.effect import queue
from app.models.fact import FactKind, journal
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
    make_anew(session, shop, list(session.scalars(query.order_by(Redemption.id))), at=at)


def make_anew(session: Session, shop: Shop, held: Sequence[Redemption], *, at: datetime) -> None:
    """Have codes that went with their pool made as discounts of their own, if they still count."""
    lock_members(session, shop.id, {redemption.member_id for redemption in held})
    for redemption in held:
        session.refresh(redemption)
        if redemption.state == RedemptionState.READY:
            redemption.state = RedemptionState.ISSUING
            redemption.pool_id = None
            queue(session, shop.id, [IssueDiscount(str(redemption.id))], at=at)
    if held:
        fact = {"redemptions": [str(redemption.id) for redemption in held]}
        journal(session, shop.id, FactKind.CODES_LOST, fact, at=at)
