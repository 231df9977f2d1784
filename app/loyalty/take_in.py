"""Take in what is told of an order: its record is brought up to date, and never back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.events import OrderChanged, OrderDeleted, OrderRefunded
from app.domain.order import Order, newest, with_refunds
from app.models.order import OrderRecord


def take_in(record: OrderRecord, event: object, at: datetime) -> Order | None:
    """Bring a record up to date with an event; what is older than the record changes nothing.

    Returns the order as it stands then; None while only refunds of it are known.
    """
    known = record.order
    match event:
        case OrderChanged(order=told):
            kept = with_refunds(newest(known, told), record.waiting_refunds)
            if kept != known:
                record.order = kept
            known = kept
        case OrderRefunded(refund=refund) if known is not None:
            record.order = known = with_refunds(known, (refund,))
        case OrderRefunded(refund=refund):
            record.wait_with(refund)
        case OrderDeleted():
            record.deleted_at = record.deleted_at or at
    if known is not None and record.deleted_at is not None:
        return replace(known, canceled_at=known.canceled_at or record.deleted_at)
    return known


def versions(records: Mapping[str, OrderRecord], told: Iterable[Order]) -> list[Order]:
    """Every version that will be settled; one that is out of date enrolls nobody."""
    newest_of = {key: record.order for key, record in records.items()}
    found = [order for order in newest_of.values() if order is not None]
    for order in told:
        newest_of[order.order_id] = kept = newest(newest_of[order.order_id], order)
        found.append(kept)
    return found
