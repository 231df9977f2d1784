"""The outbox: performs effects outside any transaction, retries them, and gives up in the open.

A worker performs the effects of one shop one after the other, those of different shops beside each
other, so that a slow shop holds up nobody else. Each effect is taken just before it is performed:
its lease need last no longer than that. A shop that asks for patience gets it whole.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, select

from app.domain.errors import NotUnderstood
from app.jobs.access import BeingRefreshed, connection_to, lock_out, refreshed
from app.jobs.backoff import wait_after
from app.jobs.perform import perform, undo
from app.jobs.tools import Clock, Tools
from app.models.base import ShopId
from app.models.effect import EffectRow, shops_due
from app.models.queue import State, end, retry, take
from app.models.shop import Shop, ShopState
from app.platforms.base import PlatformError, Unauthorized

TURN = 20
"""Effects of one shop before others that wait have a turn."""
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
AT_ONCE = 4
"""Shops that are spoken to at the same time."""

log = structlog.get_logger()


class Outbox:
    """One worker's view of the outbox: which shops it works on, and which asked for patience."""

    def __init__(self, tools: Tools, clock: Clock) -> None:
        self._tools = tools
        self._clock = clock
        self._patience: dict[ShopId, float] = {}
        self._begun: dict[ShopId, Future[int]] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outbox")
        self._closing = False

    def turn_to_shops(self) -> int:
        """Begin to work on shops that have something due; returns how many these are."""
        for shop_id in [shop_id for shop_id, work in self._begun.items() if work.done()]:
            self._begun.pop(shop_id).result()
        free = AT_ONCE - len(self._begun)
        if not free:
            return 0
        now = self._clock()
        # A copy, since the threads that work on other shops add to it at any time.
        asked = list(self._patience.items())
        patient = [shop for shop, until in asked if until > now.timestamp()]
        only = [self._active(), EffectRow.shop_id.not_in([*patient, *self._begun])]
        with self._tools.database.reading() as session:
            due = shops_due(session, now=now, only=only, limit=free)
        for shop_id in due:
            self._begun[shop_id] = self._pool.submit(self._work_on, shop_id)
        return len(due)

    def finish(self) -> int:
        """Wait for what was begun; returns how many effects that came to."""
        begun, self._begun = self._begun, {}
        return sum(work.result() for work in begun.values())

    def close(self) -> None:
        """End when the effects are done that are being performed."""
        self._closing = True
        self._pool.shutdown()

    def _active(self) -> ColumnElement[bool]:
        return EffectRow.shop_id.in_(select(Shop.id).where(Shop.state == ShopState.ACTIVE))

    def _work_on(self, shop_id: ShopId) -> int:
        """Perform what is due of one shop; returns how much that was."""
        only = [self._active(), EffectRow.shop_id == shop_id]
        for done in range(TURN):
            now = self._clock()
            if self._closing or self._patience.get(shop_id, 0) > now.timestamp():
                return done
            with self._tools.database.transaction() as session:
                taken = take(session, EffectRow, limit=1, lease=LEASE, now=now, only=only)
            if not taken:
                return done
            self._try(taken[0])
        return TURN

    def _try(self, row: EffectRow) -> None:
        try:
            self._perform(row)
        except PlatformError as error:
            self._put_off(row, error)
        except NotUnderstood as error:
            self._put_off(row, PlatformError(error.message, permanent=True))
        except Exception as error:
            log.exception("effect failed", effect=row.kind, subject=row.subject)
            sentence = f"{type(error).__name__} while performing it; the log has the details."
            self._put_off(row, PlatformError(sentence, permanent=False))
        else:
            self._end(row, State.DONE)

    def _perform(self, row: EffectRow) -> None:
        """Perform an effect; a refused token is refreshed once, then the shop has to wait."""
        now = self._clock()
        try:
            try:
                connection = connection_to(self._tools, row.shop_id, now=now)
                perform(self._tools, connection, row.shop_id, row.effect, now=now)
            except Unauthorized:
                connection = refreshed(self._tools, row.shop_id, now=now)
                perform(self._tools, connection, row.shop_id, row.effect, now=now)
        except Unauthorized:
            lock_out(self._tools, row.shop_id)
            raise

    def _put_off(self, row: EffectRow, error: PlatformError) -> None:
        """Let an effect come due again, or give it up: undo what it stood for, and show it."""
        now = self._clock()
        # Neither a shop that has locked us out nor a token on its way uses up an effect's tries.
        is_free = isinstance(error, (Unauthorized, BeingRefreshed))
        if error.retry_after_seconds:
            patience = min(error.retry_after_seconds, 3600)
            self._patience[row.shop_id] = now.timestamp() + patience
        if is_free or (not error.permanent and row.attempts < MOST_ATTEMPTS):
            wait = wait_after(row.attempts, at_least_seconds=error.retry_after_seconds)
            if isinstance(error, BeingRefreshed):
                wait = timedelta(seconds=error.retry_after_seconds)
            with self._tools.database.transaction() as session:
                again = session.get_one(EffectRow, (row.shop_id, row.id), with_for_update=True)
                if again.attempts == row.attempts and again.state == State.TRYING:
                    again.attempts -= is_free
                    retry(again, run_at=now + wait, error=str(error))
        else:
            first_try = row.attempts == 1
            undo(self._tools, row.shop_id, row.effect, error, first_try=first_try, now=now)
            self._end(row, State.DEAD, error=str(error))
        log.warning(
            "effect put off",
            effect=row.kind,
            subject=row.subject,
            attempt=row.attempts,
            permanent=error.permanent,
            error=str(error),
        )

    def _end(self, row: EffectRow, state: State, *, error: str | None = None) -> None:
        with self._tools.database.transaction() as session:
            ours = session.get_one(EffectRow, (row.shop_id, row.id), with_for_update=True)
            if ours.attempts == row.attempts and ours.state == State.TRYING:
                end(ours, state, now=self._clock(), error=error)
