"""The promise: a paid order is visible within ten seconds, nearly always; how well it is kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, func, select
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.delivery import Delivery
from app.models.queue import ALL_SHOPS, State

LOOKED_BACK = timedelta(minutes=15)
LOOKED_AT = 1000
"""Of one shop's webhooks, so many of the newest are looked at."""
LIMITS_SECONDS = (10, 60)
"""Within the first 95 % of all orders shall be visible, within the second 99.9 %."""


def kept_promises(session: Session, *, now: datetime) -> tuple[int, dict[int, float]]:
    """How many orders were told of lately, and which share of them was settled within each limit.

    One that still waits counts as late as soon as its time is over; a younger one does not count
    yet. Without any order, every share is 1.
    """
    shares, most = {}, 0
    for limit in LIMITS_SECONDS:
        due = now - timedelta(seconds=limit)
        in_time = case((_seconds(session) <= limit, 1), else_=0)
        query = select(func.count(), func.coalesce(func.sum(in_time), 0)).where(
            Delivery.topic.like("orders/%"),
            Delivery.received_at >= now - LOOKED_BACK,
            (Delivery.received_at <= due) | Delivery.finished_at.is_not(None),
        )
        count, kept = session.execute(query.execution_options(**ALL_SHOPS)).one()
        shares[limit] = int(kept) / int(count) if count else 1.0
        most = max(most, int(count))
    return most, shares


def kept_by_shop(session: Session, shop_id: ShopId, *, now: datetime) -> tuple[int, float]:
    """How many of a shop's newest order webhooks were looked at, and which share was in time.

    In time is within the first limit, from when a webhook came until its points could be seen. One
    that failed was not, nor one that waits for longer; a younger one does not count yet.
    """
    due = now - timedelta(seconds=LIMITS_SECONDS[0])
    newest = (
        select(_seconds(session).label("seconds"), Delivery.state)
        .where(Delivery.shop_id == shop_id, Delivery.topic.like("orders/%"))
        .where((Delivery.received_at <= due) | Delivery.finished_at.is_not(None))
        .order_by(Delivery.received_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    is_kept = (newest.c.seconds <= LIMITS_SECONDS[0]) & (newest.c.state == State.DONE)
    in_time = case((is_kept, 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(in_time), 0)).select_from(newest)
    count, kept = session.execute(query).one()
    return int(count), int(kept) / int(count) if count else 1.0


def _seconds(session: Session) -> ColumnElement[Any]:
    """How long a delivery has taken; nothing while it is not finished."""
    if session.get_bind().dialect.name == "sqlite":
        days = func.julianday(Delivery.finished_at) - func.julianday(Delivery.received_at)
        return cast(days * 86_400, Float)
    return func.extract("epoch", Delivery.finished_at - Delivery.received_at)
