"""Join: a customer exists, so what they bought as a guest under their address is theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.loyalty.enroll import enroll, know_email
from app.loyalty.recognize import recognize_customer
from app.loyalty.settle import Fact, OrderDue, settle
from app.models.program import Programs
from app.models.shop import Shop


def join(
    session: Session, shop: Shop, *, customer_id: str, email_hash: str | None, at: datetime
) -> None:
    """Enroll a customer, or note the keyed hash they go by now; twice changes nothing.

    Nobody who was merged into another customer, or forgotten, joins again by this.
    """
    found = recognize_customer(session, shop.id, customer_id, email_hash, at=at)
    if found != customer_id:
        return
    released = enroll(session, shop, {customer_id: email_hash}, Programs(session, shop.id), at=at)
    released += know_email(session, shop, customer_id, email_hash)
    settle(session, shop, [Fact(OrderDue(order_id), at) for order_id in released])
