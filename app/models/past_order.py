"""Orders from before the program was live: those that could still earn, and how many there are."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from app.domain.earning import NoPoints
from app.domain.program import Program
from app.models.base import ShopId
from app.models.order import OrderRecord

_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def is_past(
    shop_id: ShopId, program: Program, *, since: datetime | None, at: datetime
) -> ColumnElement[bool]:
    """Of a shop, placed since a moment or ever, and without points as the program was not live.

    A guest's points wait only so long for them to join: older orders of guests are left alone.
    """
    record = OrderRecord
    guests_since = at - timedelta(days=program.guest_days)
    found = [
        record.shop_id == shop_id,
        record.placed_at.is_not(None),
        record.facts["test"].as_boolean().is_(False),
        or_(
            record.award_facts.is_(None),
            record.award_facts["why_none"].as_string() == NoPoints.REAL_ORDER_IN_PREVIEW.value,
        ),
        or_(record.customer_id.is_not(None), record.placed_at > guests_since),
    ]
    if since is not None:
        found.append(record.placed_at >= since)
    return and_(*found)


def count_past(
    session: Session, past: ColumnElement[bool], *, most: int | None = None
) -> tuple[int, datetime | None]:
    """How many orders there are, and when the first of them was placed; one above `most` at most.

    What has given points is not looked at: its index has the few others of a shop that is live.
    """
    found = select(OrderRecord.placed_at).where(
        past,
        OrderRecord.posted_issued == literal_column("0"),
        # Else SQLite takes the index of all orders, by which it skips those without a day.
        OrderRecord.placed_at > _BEFORE_ALL,
    )
    if most is not None:
        found = found.order_by(OrderRecord.placed_at).limit(most + 1)
    some = found.subquery()
    count, first = session.execute(select(func.count(), func.min(some.c.placed_at))).one()
    return int(count), first


def first_past(session: Session, past: ColumnElement[bool]) -> datetime | None:
    """When the oldest of them was placed, also of those that gave what entering a tier gives."""
    query = select(OrderRecord.placed_at).where(past, OrderRecord.placed_at > _BEFORE_ALL)
    return session.scalar(query.order_by(OrderRecord.placed_at).limit(1))


def next_past(
    session: Session, past: ColumnElement[bool], after: tuple[datetime, str] | None, *, limit: int
) -> list[tuple[datetime, str]]:
    """The next of them as they were placed: when, and which."""
    query = select(OrderRecord.placed_at, OrderRecord.order_id).where(past)
    if after is not None:
        query = query.where(tuple_(OrderRecord.placed_at, OrderRecord.order_id) > after)
    query = query.order_by(OrderRecord.placed_at, OrderRecord.order_id).limit(limit)
    return [(placed_at, key) for placed_at, key in session.execute(query) if placed_at is not None]
