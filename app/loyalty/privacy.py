"""Note what a person asked about their data, and what came of it; the merchant's proof of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import UnknownRequest
from app.domain.sentence import Sentence as _
from app.loyalty.export_person import export_person
from app.models.base import Document
from app.models.privacy_request import PrivacyKind, PrivacyOutcome, PrivacyRequest, request_of
from app.models.shop import Shop, ShopState


def note_request(
    session: Session,
    shop: Shop,
    *,
    delivery_id: str,
    kind: PrivacyKind,
    customer_id: str | None,
    email_hash: str | None,
    at: datetime,
) -> None:
    """Note a request before it is carried out; one that is noted already stays as it is.

    What is asked of a person on whom we hold nothing is answered with that. An erasure is carried
    out in the same transaction, so it is noted as done.
    """
    if request_of(session, shop.id, delivery_id) is not None:
        return
    request = PrivacyRequest(
        shop_id=shop.id,
        delivery_id=delivery_id,
        kind=kind,
        asked_at=at,
        customer_id=customer_id,
        email_hash=email_hash,
    )
    if kind is not PrivacyKind.ERASE_SHOP and not _holds(session, shop, request, delivery_id):
        request.close(PrivacyOutcome.NOTHING_HELD, at=at)
    elif kind is PrivacyKind.ERASE_PERSON:
        request.close(PrivacyOutcome.ERASED, at=at)
    session.add(request)


def note_shop_erased(session: Session, shop: Shop, delivery_id: str, *, at: datetime) -> None:
    """Note what came of the request to erase a shop: it may be back, and is not erased then."""
    request = request_of(session, shop.id, delivery_id)
    if request is not None and request.outcome == PrivacyOutcome.OPEN:
        erased = shop.state == ShopState.ERASED
        request.close(PrivacyOutcome.ERASED if erased else PrivacyOutcome.CAME_BACK, at=at)


def hand_over(session: Session, shop: Shop, request_id: UUID, *, at: datetime) -> None:
    """The merchant has passed the export on. Raises UnknownRequest for one that is not open."""
    open_request(session, shop, request_id).close(PrivacyOutcome.HANDED_OVER, at=at)


def open_request(session: Session, shop: Shop, request_id: UUID) -> PrivacyRequest:
    """An export that waits to be handed over. Raises UnknownRequest when there is none."""
    request = session.get(PrivacyRequest, (shop.id, request_id))
    if request is None or request.outcome != PrivacyOutcome.OPEN:
        raise UnknownRequest(_("There is no such request, or it is done."))
    return request


def _holds(session: Session, shop: Shop, request: PrivacyRequest, delivery_id: str) -> bool:
    """Whether we hold anything on a person beside the request itself."""
    held: Document = export_person(
        session,
        shop,
        customer_id=request.customer_id,
        email_hash=request.email_hash,
        open_body=lambda _: b"",
    )
    beside = [row for row in held.pop("delivery", []) if row["id"] != delivery_id]
    held.pop(PrivacyRequest.__tablename__, None)
    return bool(held or beside)
