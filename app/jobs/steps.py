"""Whose step it is: every transaction of an export or import asks, before it changes anything."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from app.jobs.tools import Clock, Tools
from app.models.export_run import ExportRun
from app.models.import_run import ImportRun
from app.models.kept_report import KeptReport
from app.models.queue import State

LEASE = timedelta(minutes=5)
"""How long a worker may be silent before another one goes on."""

TOLD_EVERY = timedelta(seconds=1)

Run = TypeVar("Run", ExportRun, ImportRun, KeptReport)


class Overtaken(Exception):
    """Another worker goes on with this, or it is over."""


def ours(session: Session, run: Run) -> Run:
    """The row as it stands, locked. Raises Overtaken when it is another worker's by now."""
    row = session.get(type(run), (run.shop_id, run.id), with_for_update=True)
    if row is None or row.attempts != run.attempts or row.state != State.TRYING:
        raise Overtaken
    return row


def hold(session: Session, run: Run, *, now: datetime) -> Run:
    """The row, ours for another lease. Raises Overtaken."""
    row = ours(session, run)
    row.run_at = now + LEASE
    return row


def told_now_and_then(tools: Tools, run: Run, clock: Clock) -> Callable[[int, int], None]:
    """What is told of each bit of progress; it notes that once in a second. Raises Overtaken."""
    last: list[datetime] = []

    def tell(done: int, total: int) -> None:
        now = clock()
        if last and now - last[0] < TOLD_EVERY:
            return
        last[:] = [now]
        with tools.database.transaction() as session:
            row = hold(session, run, now=now)
            row.done, row.total = done, total

    return tell
