"""The worker: works on inbox, outbox and schedule until it is told to stop.

Any number of workers can run beside each other, in any number of processes. One that is stopped
finishes what it has begun; one that is killed leaves its rows to the others when the lease is over.
"""

import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.jobs.hauls import Hauls
from app.jobs.inbox import work_inbox
from app.jobs.outbox import Outbox
from app.jobs.schedule import Schedule
from app.jobs.tools import Clock, Tools
from app.models.worker import beat

IDLE_SECONDS = 0.1
"""How long a worker with nothing to do waits before it looks again."""
TROUBLED_SECONDS = 1.0
PATIENCE_SECONDS = 4.0
"""How long a worker that stops waits for a step of an export or import; others go on with it."""
PULSE = timedelta(seconds=5)

log = structlog.get_logger()


def wall_clock() -> datetime:
    """The time of day; everything below is handed it."""
    return datetime.now(UTC)


class Worker:
    """One worker: the inbox has a thread of its own, so that no slow platform holds it up.

    Another one turns to the chores and to the shops that have effects due; each of these shops is
    spoken to in a thread of the outbox. Exports and imports, which may take minutes, have a third.
    """

    def __init__(self, tools: Tools, *, clock: Clock = wall_clock) -> None:
        self._tools = tools
        self._outbox = Outbox(tools, clock)
        self._schedule = Schedule(tools)
        self._hauls = Hauls(tools, clock)
        self._clock = clock
        self._next_pulse = datetime.min.replace(tzinfo=UTC)
        self.name = f"{socket.gethostname()}:{os.getpid()}"

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then finish what is begun and return."""
        log.info("worker starts", worker=self.name)
        outward = threading.Thread(
            target=self._to_the_end, args=(stop, self._look_outward), name="outbox", daemon=True
        )
        hauling = threading.Thread(
            target=self._to_the_end, args=(stop, self._hauls.work), name="hauls", daemon=True
        )
        outward.start()
        hauling.start()
        self._to_the_end(stop, self._look_inward)
        outward.join()
        hauling.join(timeout=PATIENCE_SECONDS)
        self._outbox.close()
        log.info("worker stops", worker=self.name)

    def _to_the_end(self, stop: threading.Event, look: Callable[[], int]) -> None:
        """Work until told to stop; a thread that breaks down takes the other one along.

        Half a worker would look alive to everybody and leave half of the work undone.
        """
        try:
            self._loop(stop, look)
        finally:
            stop.set()

    def drain(self) -> int:
        """Work until nothing is due; returns how much was done. The clock is read each time."""
        done = 0
        while found := self._all_at_once():
            done += found
        return done

    def _all_at_once(self) -> int:
        looked = self._look_inward() + self._look_outward()
        return looked + self._outbox.finish() + self._hauls.work()

    def _loop(self, stop: threading.Event, look: Callable[[], int]) -> None:
        while not stop.is_set():
            try:
                found = look()
            except SQLAlchemyError:
                log.exception("the database is in trouble", worker=self.name)
                stop.wait(TROUBLED_SECONDS)
                continue
            if not found:
                stop.wait(IDLE_SECONDS)

    def _look_inward(self) -> int:
        now = self._clock()
        if now >= self._next_pulse:
            self._next_pulse = now + PULSE
            with self._tools.database.transaction() as session:
                beat(session, self.name, at=now)
        return work_inbox(self._tools, now=now)

    def _look_outward(self) -> int:
        now = self._clock()
        return self._schedule.work(now=now) + self._outbox.turn_to_shops()
