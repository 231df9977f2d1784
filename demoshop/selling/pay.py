"""Taking the money for an order that was placed without it."""

from datetime import datetime

from sqlalchemy.orm import Session

from demoshop.records.order import Order
from demoshop.selling.change import tell, touch
from demoshop.selling.refusals import Refused


def pay(session: Session, order: Order, *, at: datetime) -> None:
    """Mark a pending or authorized order as paid."""
    if order.canceled_at is not None or order.financial_status not in ("pending", "authorized"):
        raise Refused("not_payable", f"Order {order.name} is {order.financial_status}.")
    order.financial_status = "paid"
    order.paid_at = at.replace(microsecond=0)
    touch(order, at)
    tell(session, order, ["orders/paid", "orders/updated"], at=at)
