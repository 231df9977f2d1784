"""The outbox: performs effects outside any transaction, retries them, and gives up in the open.

Effects of one shop are performed one after the other, those of different shops beside each other.
A batch ends with its slowest shop; another worker takes what comes meanwhile. A shop that asks for
patience gets it whole.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from app.domain.errors import NotUnderstood
from app.jobs.access import connection_to, lock_out, refreshed
from app.jobs.backoff import wait_after
from app.jobs.perform import perform, undo
from app.jobs.tools import Tools
from app.models.base import ShopId
from app.models.effect import EffectRow
from app.models.queue import State, end, is_due, retry, take
from app.models.shop import Shop, ShopState
from app.platforms.base import PlatformError, Unauthorized

BATCH = 20
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
AT_ONCE = 4
"""Shops that are spoken to at the same time."""

log = structlog.get_logger()


class Outbox:
    """One worker's view of the outbox; it remembers which shops asked for patience."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._patience: dict[ShopId, datetime] = {}

    def work(self, *, now: datetime) -> int:
        """Take one batch of effects and perform it; returns how many were taken."""
        patient = [shop_id for shop_id, until in self._patience.items() if until > now]
        active = select(Shop.id).where(Shop.state == ShopState.ACTIVE)
        only = [EffectRow.shop_id.in_(active), EffectRow.shop_id.not_in(patient)]
        with self._tools.database.reading() as session:
            if not is_due(session, EffectRow, now=now, only=only):
                return 0
        with self._tools.database.transaction() as session:
            taken = take(session, EffectRow, limit=BATCH, lease=LEASE, now=now, only=only)
        by_shop: dict[ShopId, list[EffectRow]] = {}
        for row in taken:
            by_shop.setdefault(row.shop_id, []).append(row)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda rows: self._perform_all(rows, now), by_shop.values()))
        return len(taken)

    def _perform_all(self, rows: Sequence[EffectRow], now: datetime) -> None:
        for row in rows:
            try:
                self._perform(row, now)
            except PlatformError as error:
                self._put_off(row, error, now)
            except NotUnderstood as error:
                self._put_off(row, PlatformError(error.message, permanent=True), now)
            except Exception as error:
                log.exception("effect failed", effect=row.kind, subject=row.subject)
                sentence = f"{type(error).__name__} while performing it; the log has the details."
                self._put_off(row, PlatformError(sentence, permanent=False), now)
            else:
                self._end(row, State.DONE, now)

    def _perform(self, row: EffectRow, now: datetime) -> None:
        """Perform an effect; a refused token is refreshed once, then the shop has to wait."""
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

    def _put_off(self, row: EffectRow, error: PlatformError, now: datetime) -> None:
        """Let an effect come due again, or give it up: undo what it stood for, and show it."""
        unauthorized = isinstance(error, Unauthorized)
        if error.retry_after_seconds:
            patience = timedelta(seconds=min(error.retry_after_seconds, 3600))
            self._patience[row.shop_id] = now + patience
        if unauthorized or (not error.permanent and row.attempts < MOST_ATTEMPTS):
            wait = wait_after(row.attempts, at_least_seconds=error.retry_after_seconds)
            with self._tools.database.transaction() as session:
                again = session.get_one(EffectRow, (row.shop_id, row.id), with_for_update=True)
                if again.attempts == row.attempts and again.state == State.TRYING:
                    # A shop that has locked us out does not use up the effect's tries.
                    again.attempts -= unauthorized
                    retry(again, run_at=now + wait, error=str(error))
        else:
            first_try = row.attempts == 1
            undo(self._tools, row.shop_id, row.effect, error, first_try=first_try, now=now)
            self._end(row, State.DEAD, now, error=str(error))
        log.warning(
            "effect put off",
            effect=row.kind,
            subject=row.subject,
            attempt=row.attempts,
            permanent=error.permanent,
            error=str(error),
        )

    def _end(
        self, row: EffectRow, state: State, now: datetime, *, error: str | None = None
    ) -> None:
        with self._tools.database.transaction() as session:
            ours = session.get_one(EffectRow, (row.shop_id, row.id), with_for_update=True)
            if ours.attempts == row.attempts and ours.state == State.TRYING:
                end(ours, state, now=now, error=error)
