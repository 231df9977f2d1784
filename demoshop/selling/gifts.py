"""Paying with money that a customer was given: gift cards first, then store credit.

Both are payments like any other: what an order cost stays what it was.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from demoshop.records.gift import GiftCard, credits_of
from demoshop.records.order import GIFT_CARD, STORE_CREDIT, Order, Payment


def left_on(session: Session, card: GiftCard) -> int:
    """What a gift card still pays, in øre."""
    return card.worth_minor - _paid(session, GIFT_CARD, card.id)


def why_not_card(session: Session, card: GiftCard, *, at: datetime) -> str:
    """The reason not to take a gift card; empty if there is none."""
    if card.expires_on is not None and card.expires_on < f"{at:%Y-%m-%d}":
        return "expired"
    return "" if left_on(session, card) > 0 else "used_up"


def credit_left(session: Session, customer_id: int, *, at: datetime) -> int:
    """What a customer's store credit still pays, in øre."""
    worth = sum(
        one.worth_minor
        for one in credits_of(session, customer_id)
        if one.expires_at is None or one.expires_at > at
    )
    return max(0, worth - _paid(session, STORE_CREDIT, customer_id))


def payments(
    session: Session,
    cards: Sequence[GiftCard],
    credit_of: int | None,
    total_minor: int,
    *,
    at: datetime,
) -> list[Payment]:
    """What these cards, and the credit of this customer, pay of a total."""
    means = [(GIFT_CARD, card.id, left_on(session, card)) for card in cards]
    if credit_of is not None:
        means.append((STORE_CREDIT, credit_of, credit_left(session, credit_of, at=at)))
    made: list[Payment] = []
    for gateway, source, left in means:
        amount = min(left, total_minor)
        if amount > 0:
            made.append({"gateway": gateway, "from": source, "amount_minor": amount})
            total_minor -= amount
    return made


def _paid(session: Session, gateway: str, source: int) -> int:
    """What was paid from one source with orders that stand."""
    query = select(Order).where(Order.paid_with.is_not(None), Order.canceled_at.is_(None))
    return sum(
        int(one["amount_minor"])
        for order in session.scalars(query).unique()
        for one in order.paid_with or ()
        if (one["gateway"], one["from"]) == (gateway, source)
    )
