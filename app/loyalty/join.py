"""Join: a customer exists, so what they bought as a guest under their address is theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import UnknownMember
from app.loyalty.enroll import enroll, know_email
from app.loyalty.forget_names import forget_names
from app.loyalty.recognize import recognize_customer
from app.loyalty.settle import Fact, OrderDue, settle
from app.models.fact import FactKind, Noted, journal_all
from app.models.held_names import hold_names
from app.models.member import member_of
from app.models.program import Programs
from app.models.shop import Shop


def join(
    session: Session, shop: Shop, *, customer_id: str, email_hash: str | None, at: datetime
) -> None:
    """Enroll a customer, or note the keyed hash they go by now; twice changes nothing.

    Nobody who was merged into another customer, or forgotten, joins again by this.
    """
    hold_names(session, shop.id, [customer_id, email_hash])
    # Read first: who departs after this was known, and is found gone when they are locked.
    known = member_of(session, shop.id, customer_id)
    if recognize_customer(session, shop.id, customer_id, email_hash, at=at) != customer_id:
        return
    if known is not None and email_hash in (None, known.email_hash):
        return
    before = known.email_hash if known is not None else None
    released: list[str] = []
    if known is None:
        programs = Programs(session, shop.id)
        released = enroll(session, shop, {customer_id: email_hash}, programs, at=at)
        known = member_of(session, shop.id, customer_id)
    if known is not None and email_hash is not None and known.email_hash != email_hash:
        try:
            released += know_email(session, shop, known, email_hash, at=at)
        except UnknownMember:
            return
    settle(session, shop, [Fact(OrderDue(order_id), at) for order_id in released])
    fact = Noted(FactKind.JOINED, at, customer_id=customer_id, email_hash=email_hash)
    journal_all(session, shop.id, [fact])
    forget_names(session, shop.id, [], [before])
