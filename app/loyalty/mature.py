"""Make points available that only had to wait."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loyalty.settle import Fact, OrderDue, settle
from app.models.order import OrderRecord
from app.models.shop import Shop

BATCH = 200


def mature(session: Session, shop: Shop, *, at: datetime) -> int:
    """Settle up to a batch of orders whose waiting time is over; returns how many."""
    query = (
        select(OrderRecord.order_id)
        .where(OrderRecord.shop_id == shop.id, OrderRecord.due_at <= at)
        .order_by(OrderRecord.due_at)
        .limit(BATCH)
    )
    due = list(session.scalars(query))
    settle(session, shop, [Fact(OrderDue(order_id), at) for order_id in due])
    return len(due)
