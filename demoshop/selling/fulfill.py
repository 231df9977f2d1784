"""Sending the goods."""

from datetime import datetime

from sqlalchemy.orm import Session

from demoshop.records.order import Order
from demoshop.selling.change import tell, touch
from demoshop.selling.refusals import Refused


def fulfill(session: Session, order: Order, *, at: datetime) -> None:
    """Mark everything that is left of an order as sent."""
    if order.canceled_at is not None or order.fulfillment_status == "fulfilled":
        raise Refused("not_fulfillable", f"There is nothing left to send of {order.name}.")
    order.fulfillment_status = "fulfilled"
    order.fulfilled_at = at.replace(microsecond=0)
    touch(order, at)
    tell(session, order, ["orders/fulfilled", "orders/updated"], at=at)
