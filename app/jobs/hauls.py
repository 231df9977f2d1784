"""Long work (reports, exports, imports), done in steps beside everything else that workers do.

A step ends in one transaction that also says how far the work has come. So a worker that dies loses
one step, and another goes on when the lease is over; whoever was given up for dead changes nothing.
"""

from collections import deque
from collections.abc import Callable
from functools import partial

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from app.jobs.backoff import wait_after
from app.jobs.exporting import write_export
from app.jobs.importing import import_step
from app.jobs.reporting import compute_report
from app.jobs.schedule import TROUBLES
from app.jobs.steps import LEASE, Overtaken, Run, ours
from app.jobs.tools import Clock, Tools
from app.models.export_run import ExportRun
from app.models.import_run import ImportRun, Stage
from app.models.kept_report import KeptReport
from app.models.queue import State, end, is_due, retry, take

MOST_ATTEMPTS = 5

log = structlog.get_logger()


class Hauls:
    """One worker's view of the long work of all shops."""

    def __init__(self, tools: Tools, clock: Clock) -> None:
        self._tools = tools
        self._clock = clock
        self._kinds: deque[Callable[[], int]] = deque(
            (
                partial(self._work_on, KeptReport, compute_report),
                partial(self._work_on, ExportRun, write_export),
                partial(self._work_on, ImportRun, import_step),
            )
        )

    def work(self) -> int:
        """Do one step, of each kind of work in turn; returns how many were done: one or none.

        Of one kind, what has waited longest comes first.
        """
        for _kind in range(len(self._kinds)):
            work_on = self._kinds[0]
            self._kinds.rotate(-1)
            if work_on():
                return 1
        return 0

    def _work_on(self, table: type[Run], step: Callable[[Tools, Run, Clock], None]) -> int:
        now = self._clock()
        with self._tools.database.reading() as session:
            if not is_due(session, table, now=now):
                return 0
        with self._tools.database.transaction() as session:
            taken = take(session, table, limit=1, lease=LEASE, now=now)
        for run in taken:
            self._try(run, step)
        return len(taken)

    def _try(self, run: Run, step: Callable[[Tools, Run, Clock], None]) -> None:
        try:
            step(self._tools, run, self._clock)
        except Overtaken:
            log.info("overtaken", kind=type(run).__name__, run=str(run.id))
        except (*TROUBLES, OSError, InvalidToken) as error:
            log.exception("haul failed", kind=type(run).__name__, run=str(run.id))
            self._put_off(run, error)

    def _put_off(self, run: Run, error: Exception) -> None:
        """Let a step be tried again, or give the whole work up, in the open."""
        now = self._clock()
        sentence = f"{type(error).__name__} while working on it; the log has the details."
        with self._tools.database.transaction() as session:
            row = _still_ours(session, run)
            if row is None:
                return
            row.failures += 1
            if row.failures < MOST_ATTEMPTS:
                retry(row, run_at=now + wait_after(row.failures), error=sentence)
                return
            end(row, State.DEAD, now=now, error=sentence)
            if isinstance(row, ImportRun):
                row.stage = Stage.FAILED


def _still_ours(session: Session, run: Run) -> Run | None:
    try:
        return ours(session, run)
    except Overtaken:
        return None
