"""Every event we know, and what we do about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

import structlog
from sqlalchemy.orm import Session

from app.domain.effects import FetchOrder
from app.domain.events import (
    CustomerChanged,
    CustomerDataRequested,
    CustomerErased,
    CustomersMerged,
    DiscountDeleted,
    Event,
    OrderChanged,
    OrderDeleted,
    OrderRefunded,
    OrderTouched,
    ShopChanged,
    ShopErased,
    ShopLeft,
)
from app.loyalty.admit import dismiss, learn
from app.loyalty.erase import erase, erase_shop
from app.loyalty.join import join
from app.loyalty.lose_code import lose_discount
from app.loyalty.merge import merge
from app.loyalty.settle import Fact, settle
from app.models.delivery import drop_bodies_of
from app.models.effect import queue
from app.models.shop import Shop, ShopState

ERASURE_DELAY = timedelta(hours=48)
"""Platforms ask to erase a shop so long after it left; one that came back since has not."""

log = structlog.get_logger()


def apply(session: Session, shop: Shop, reported: Sequence[tuple[Event, datetime]]) -> None:
    """Carry out events in the order in which they came; runs of order events are settled as one.

    Carrying an event out twice changes nothing. What is told of an erased shop is not kept.
    """
    facts: list[Fact] = []
    for event, at in reported:
        if shop.state == ShopState.ERASED:
            drop_bodies_of(session, shop.id, None)
            return
        match event:
            case OrderChanged() | OrderRefunded() | OrderDeleted():
                facts.append(Fact(event, at))
            case _:
                settle(session, shop, facts)
                facts = []
                _apply_one(session, shop, event, at)
    settle(session, shop, facts)


def _apply_one(
    session: Session,
    shop: Shop,
    event: OrderTouched
    | DiscountDeleted
    | CustomerChanged
    | CustomerErased
    | CustomersMerged
    | CustomerDataRequested
    | ShopChanged
    | ShopLeft
    | ShopErased,
    at: datetime,
) -> None:
    match event:
        case OrderTouched(order_id):
            queue(session, shop.id, [FetchOrder(order_id)], at=at)
        case DiscountDeleted(ref):
            lose_discount(session, shop, ref, at=at)
        case CustomerChanged(customer_id, email_hash):
            join(session, shop, customer_id=customer_id, email_hash=email_hash, at=at)
        case CustomerErased(customer_id, email_hash):
            erase(session, shop, customer_id=customer_id, email_hash=email_hash, at=at)
        case CustomersMerged(kept_id, gone_id):
            merge(session, shop, kept_id=kept_id, gone_id=gone_id, at=at)
        case CustomerDataRequested(customer_id):
            # The delivery itself is the record: the merchant answers from the member's page.
            log.info("data requested", shop=shop.domain, customer=customer_id)
        case ShopChanged(name, currency, timezone):
            learn(session, shop, name=name, currency=currency, timezone=timezone, at=at)
        case ShopLeft() if at >= shop.installed_at:
            dismiss(session, shop, at=at)
        case ShopErased() if at >= shop.installed_at + ERASURE_DELAY:
            erase_shop(session, shop, at=at)
        case ShopLeft() | ShopErased():
            # It is about the time before: the merchant has come back since.
            log.info("leaving is out of date", shop=shop.domain)
        case _:
            assert_never(event)
