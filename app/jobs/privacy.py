"""Which deliveries are people's requests about their data, and the note that is kept of each."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.events import CustomerDataRequested, CustomerErased, Event
from app.loyalty.privacy import note_request, note_shop_erased
from app.models.delivery import Delivery
from app.models.privacy_request import PrivacyKind
from app.models.shop import Shop

KINDS = {kind.value: kind for kind in PrivacyKind}


def note_asked(session: Session, shop: Shop, delivery: Delivery, events: Sequence[Event]) -> None:
    """Note a request before it is carried out: afterwards nobody could say whether we held any."""
    kind = KINDS.get(delivery.topic)
    if kind is None:
        return
    customer_id, email_hash = _person(events)
    note_request(
        session,
        shop,
        delivery_id=delivery.id,
        kind=kind,
        customer_id=customer_id,
        email_hash=email_hash,
        at=delivery.received_at,
    )


def note_done(session: Session, shop: Shop, delivery: Delivery) -> None:
    """Note what came of a request to erase a shop, which is known only afterwards."""
    if KINDS.get(delivery.topic) is PrivacyKind.ERASE_SHOP:
        note_shop_erased(session, shop, delivery.id, at=delivery.received_at)


def _person(events: Sequence[Event]) -> tuple[str | None, str | None]:
    for event in events:
        match event:
            case CustomerDataRequested(customer_id, email_hash) | CustomerErased(
                customer_id, email_hash
            ):
                return customer_id, email_hash
    return None, None
