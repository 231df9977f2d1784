"""Canceling: what is left comes back, and the order is over."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from demoshop.host.payloads.refund import refund_body
from demoshop.records.order import Order
from demoshop.selling.change import tell, touch
from demoshop.selling.refund import give_back, remaining
from demoshop.selling.refusals import Refused


def cancel(session: Session, order: Order, *, reason: str = "customer", at: datetime) -> None:
    """Cancel an order: a paid one is refunded, one that was never paid is voided."""
    if order.canceled_at is not None:
        raise Refused("canceled", f"Order {order.name} is canceled already.")
    was_paid, left = order.paid, remaining(order)
    first: list[tuple[str, dict[str, Any]]] = []
    order.canceled_at = at.replace(microsecond=0)
    order.cancel_reason = reason
    if left or order.shipping_net_minor > order.refunded_shipping_minor:
        made = give_back(
            session,
            order,
            left,
            shipping=True,
            note="Order canceled",
            restock_type="cancel",
            at=at,
        )
        first.append(("refunds/create", refund_body(order, made)))
    if not was_paid:
        order.financial_status = "voided"
    touch(order, at)
    tell(session, order, ["orders/cancelled", "orders/updated"], at=at, first=first)
