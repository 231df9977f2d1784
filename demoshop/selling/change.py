"""What every change of an order shares: its clock moves, and the platform says so."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from demoshop.host.announce import announce
from demoshop.host.payloads.order import order_body
from demoshop.records.order import Order


def touch(order: Order, at: datetime) -> None:
    """Move `updated_at` forward by at least a second, the precision in which it is told.

    Two changes within one second would otherwise be told with the same time, and nobody could
    say which came last.
    """
    order.updated_at = max(at.replace(microsecond=0), order.updated_at + timedelta(seconds=1))


def tell(
    session: Session,
    order: Order,
    topics: list[str],
    *,
    at: datetime,
    first: list[tuple[str, dict[str, Any]]] | None = None,
) -> None:
    """Announce the order as it is now, after whatever else the same action has to say."""
    session.flush()
    body = order_body(order)
    messages = (first or []) + [(topic, body) for topic in topics]
    announce(session, messages, at=at, order_id=order.id)
