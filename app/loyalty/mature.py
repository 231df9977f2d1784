"""Make points available that only had to wait."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loyalty.settle import Fact, OrderDue, settle
from app.models.fact import FactKind, journal
from app.models.order import OrderRecord
from app.models.shop import Shop

BATCH = 200


def mature(session: Session, shop: Shop, *, at: datetime) -> int:
    """Settle up to a batch of orders whose waiting time is over; returns how many."""
    query = (
        select(OrderRecord.order_id)
        .where(OrderRecord.shop_id == shop.id, OrderRecord.due_at <= at)
        .order_by(OrderRecord.due_at, OrderRecord.order_id)
        .limit(BATCH)
    )
    due = list(session.scalars(query))
    if due:
        mature_orders(session, shop, due, at=at)
    return len(due)


def mature_orders(session: Session, shop: Shop, order_ids: Sequence[str], *, at: datetime) -> None:
    """Settle these orders again: it is later now."""
    settle(session, shop, [Fact(OrderDue(order_id), at) for order_id in order_ids])
    journal(session, shop.id, FactKind.MATURED, {"orders": list(order_ids)}, at=at)
