"""Recognize whom late news is about: who was merged is somebody else, who was forgotten nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from app.domain.events import OrderChanged
from app.domain.order import Order
from app.models.base import ShopId
from app.models.delivery import drop_bodies_of
from app.models.departed import Departed, departures, mark_of
from app.models.order import OrderRecord

Told = TypeVar("Told")


def recognize(
    session: Session, shop_id: ShopId, told: Sequence[Told], records: Mapping[str, OrderRecord]
) -> list[Told | OrderChanged]:
    """News of locked orders, each version with whose it really is.

    What was placed before its customer was forgotten is nobody's, and the words in which it came
    are dropped; an order that is placed later is by somebody who has come back.
    """
    orders = [one.order for one in told if isinstance(one, OrderChanged)]
    marks = {mark_of(one.customer_id) for one in orders if one.customer_id is not None}
    marks |= {one.email_hash for one in orders if one.email_hash is not None}
    gone = departures(session, shop_id, marks)
    found: list[Told | OrderChanged] = []
    dropped: set[str | None] = set()
    for one in told:
        if not isinstance(one, OrderChanged):
            found.append(one)
            continue
        is_forgotten = records[one.order.order_id].forgotten
        order = _nobodys(one.order) if is_forgotten else _as_it_is(one.order, gone)
        if order.customer_id is None and order != one.order:
            dropped |= {one.order.customer_id, one.order.email_hash}
        found.append(one if order is one.order else OrderChanged(order))
    if dropped:
        drop_bodies_of(session, shop_id, {one for one in dropped if one is not None})
    return found


def recognize_customer(
    session: Session, shop_id: ShopId, customer_id: str, email_hash: str | None, *, at: datetime
) -> str | None:
    """Whom news of a customer itself is about; None for somebody who was forgotten.

    An account that a forgotten person has left behind brings nobody back: platforms go on to tell
    of it. An order does that.
    """
    persons = {customer_id} | ({email_hash} if email_hash is not None else set())
    gone = departures(session, shop_id, {mark_of(customer_id)} | persons)
    customer = gone.get(mark_of(customer_id))
    if customer is not None and customer.kept_id is not None:
        return customer.kept_id
    if customer is not None or _is_over(gone.get(email_hash or ""), at):
        drop_bodies_of(session, shop_id, persons)
        return None
    return customer_id


def _as_it_is(order: Order, gone: Mapping[str, Departed]) -> Order:
    customer = gone.get(mark_of(order.customer_id)) if order.customer_id is not None else None
    if customer is not None and customer.kept_id is not None:
        order = replace(order, customer_id=customer.kept_id)
    elif _is_over(customer, order.placed_at):
        return _nobodys(order)
    if order.email_hash is not None and _is_over(gone.get(order.email_hash), order.placed_at):
        return replace(order, email_hash=None)
    return order


def _is_over(departed: Departed | None, at: datetime) -> bool:
    return departed is not None and at <= departed.at


def _nobodys(order: Order) -> Order:
    return replace(order, customer_id=None, email_hash=None)
