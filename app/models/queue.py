"""The columns that make a table a queue, and how its rows are taken, finished and given up on.

The inbox and the outbox are both queues in our own database, and both obey these few functions.
Taking a row pushes its `run_at` forward by a lease, so a worker that dies simply lets it come due
again. Whoever ends a row names the attempt it took, so a worker that was given up for dead cannot
end what another one has taken since.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, String, delete, func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from app.models.base import ShopId
from app.models.rows import write_changed

ALL_SHOPS = {"all_shops": True}
"""Marks the few statements that rightly look at every shop at once."""


class State(StrEnum):
    """How far a queued row is."""

    WAITING = "waiting"
    """Nobody has tried it yet."""
    TRYING = "trying"
    """It was taken at least once, and comes due again at `run_at`."""
    DONE = "done"
    DEAD = "dead"
    """Given up on, and shown to the merchant, who can replay it."""


OPEN = (State.WAITING, State.TRYING)


class Queued:
    """The columns of a queued row; its table adds `shop_id` and `id`."""

    shop_id: Mapped[ShopId]
    state: Mapped[str] = mapped_column(String(8), default=State.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(String(500), default=None)


Row = TypeVar("Row", bound=Queued)


def take(
    session: Session,
    table: type[Row],
    *,
    limit: int,
    lease: timedelta,
    now: datetime,
    only: Sequence[ColumnElement[bool]] = (),
) -> list[Row]:
    """Take up to so many due rows, the longest due first; they are ours until the lease is over.

    PostgreSQL skips rows that another worker is taking at this moment; SQLite has one writer.
    """
    query = (
        select(table)
        .where(table.state.in_(OPEN), table.run_at <= now, *only)
        .order_by(table.run_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=table)
        .execution_options(**ALL_SHOPS)
    )
    rows = list(session.scalars(query))
    for row in rows:
        row.state = State.TRYING
        row.attempts += 1
        row.run_at = now + lease
    write_changed(session, rows)
    return rows


def is_due(
    session: Session,
    table: type[Row],
    *,
    now: datetime,
    only: Sequence[ColumnElement[bool]] = (),
) -> bool:
    """Whether there is anything to take: asked without the write lock that taking needs."""
    query = select(table.attempts).where(table.state.in_(OPEN), table.run_at <= now, *only)
    return session.scalar(query.limit(1).execution_options(**ALL_SHOPS)) is not None


def end(row: Queued, state: State, *, now: datetime, error: str | None = None) -> None:
    """Close a row for good: done, or dead with the reason that the merchant reads."""
    row.state = state
    row.finished_at = now
    row.error = error[:500] if error else None


def retry(row: Queued, *, run_at: datetime, error: str) -> None:
    """Let a row come due again, with the reason why it has to."""
    row.run_at = run_at
    row.error = error[:500]


def revive(row: Queued, *, now: datetime) -> None:
    """Start a row over, as if it had just come in."""
    row.state = State.WAITING
    row.attempts = 0
    row.run_at = now
    row.finished_at = None
    row.error = None


def prune(
    session: Session,
    table: type[Row],
    shop_id: ShopId,
    came_at: InstrumentedAttribute[datetime],
    *,
    before: datetime,
    limit: int,
) -> int:
    """Drop up to so many rows that ended and came before a moment; returns how many."""
    its_id: ColumnElement[Any] = inspect(table).columns["id"]
    query = (
        select(its_id)
        .where(table.shop_id == shop_id, came_at < before, table.state.not_in(OPEN))
        .order_by(came_at)
        .limit(limit)
    )
    ids = list(session.scalars(query))
    session.execute(
        delete(table)
        .where(table.shop_id == shop_id, its_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    return len(ids)


MOST_COUNTED = 1000
"""Rows that are done are counted up to here: nobody asks how many hundred thousand there are."""


def by_state(table: type[Queued], shop_id: ShopId) -> ColumnElement[bool]:
    """Of a shop, said so that a database finds few rows by their state, not many by their shop."""
    return table.shop_id + 0 == shop_id


def of_shop_in(table: type[Queued], shop_id: ShopId, state: State | None) -> ColumnElement[bool]:
    """Of a shop, for a list of one state: only what is done is more than a few."""
    return table.shop_id == shop_id if state in (None, State.DONE) else by_state(table, shop_id)


def counts(session: Session, table: type[Queued], shop_id: ShopId) -> dict[str, int]:
    """How many rows are in which state; of those that are done, one more than we count at most."""
    rare = (
        select(table.state, func.count())
        .where(table.state.in_((*OPEN, State.DEAD)), by_state(table, shop_id))
        .group_by(table.state)
    )
    done = select(table.state).where(table.shop_id == shop_id, table.state == State.DONE)
    some = select(func.count()).select_from(done.limit(MOST_COUNTED + 1).subquery())
    found = {state: int(count) for state, count in session.execute(rare)}
    return found | {State.DONE.value: session.scalar(some) or 0}


def waiting(session: Session, table: type[Row], shop_id: ShopId | None = None) -> int:
    """How many rows are still to be worked on, of one shop or of all."""
    query = select(func.count()).select_from(table).where(table.state.in_(OPEN))
    if shop_id is not None:
        query = query.where(by_state(table, shop_id))
    return session.scalar(query.execution_options(**ALL_SHOPS)) or 0
