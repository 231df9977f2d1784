"""Reports of large shops: asked for here, computed by a worker, and kept to be looked at.

A small shop's report is computed when it is looked at. A large one's takes up to a minute, which
nobody shall wait for, nor hold a web process for.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, Document, ShopId, new_id
from app.models.queue import OPEN, Queued, State, end, revive
from app.models.rows import insert_new
from app.models.transfer import TransferRow

MOST_AT_ONCE = 5_000
"""Transfers of a shop whose report is computed while somebody waits for it."""
LIVES = 100
"""A report is good for a hundred times as long as it took: 30 seconds for 50 minutes."""
LEAST_LIFE = timedelta(minutes=5)
LOOKED_AT_LATELY = timedelta(days=1)
"""So long after somebody looked at a report it is kept new."""
STALE = timedelta(hours=1)
"""How old a report is before it is computed anew without anybody asking."""
KEPT = timedelta(days=30)
PAST = "past"
"""What the period of a report on past orders begins with; nobody wants it anew unasked."""
DRAFT = "draft"
"""What the period of a report on a draft of the program begins with; nor does anybody this one."""


class KeptReport(Queued, Base):
    """A shop's report of one period, the newest there is; `done` of `total` parts of the next one.

    `period` is a number of days until today, or two days: "90", "2026-01-01/2026-03-31"; or what
    past orders would give by a revision, all or since a day: "past12/all", "past12/2026-01-01"; or
    what a draft of the program would change: "draft" and what tells this one from others, which
    stands in `asked`.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("shop_id", "period"),
        Index("ix_report_due", "state", "run_at"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(21))
    looked_at: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime | None] = mapped_column(default=None)
    took_ms: Mapped[int] = mapped_column(default=0)
    document: Mapped[Document | None] = mapped_column(default=None)
    asked: Mapped[Document | None] = mapped_column(default=None)

    def is_overtaken(self, changed_at: datetime | None) -> bool:
        """Whether what it counts was changed after it was computed."""
        if changed_at is None or self.computed_at is None:
            return False
        return changed_at > self.computed_at

    def is_old(self, at: datetime, changed_at: datetime | None = None) -> bool:
        """Whether it is time for the next one."""
        if self.computed_at is None or self.is_overtaken(changed_at):
            return True
        return at - self.computed_at > max(LEAST_LIFE, timedelta(milliseconds=self.took_ms * LIVES))


def past_period(number: int, since: date | None) -> str:
    """The name of what past orders would give by a revision, since a day or all of them."""
    return f"{PAST}{number}/{since.isoformat() if since else 'all'}"


def past_since(period: str) -> date | None:
    """Since when on past orders are looked at for such a report; None for all of them."""
    _past, _slash, since = period.partition("/")
    return None if since == "all" else date.fromisoformat(since)


def draft_period(asked: Mapping[str, Any]) -> str:
    """The name of what a draft would change: the same draft is not computed twice."""
    text = json.dumps(asked, sort_keys=True)
    return DRAFT + sha256(text.encode()).hexdigest()[:16]


def is_large(session: Session, shop_id: ShopId) -> bool:
    """Whether a shop's report takes too long to be waited for. Counts no further than it must."""
    some = select(TransferRow.shop_id).where(TransferRow.shop_id == shop_id)
    counted = select(func.count()).select_from(some.limit(MOST_AT_ONCE + 1).subquery())
    return (session.scalar(counted) or 0) > MOST_AT_ONCE


def kept_report(session: Session, shop_id: ShopId, period: str) -> KeptReport | None:
    """What there is of a period; None when nobody asked for it yet."""
    query = select(KeptReport).where(KeptReport.shop_id == shop_id, KeptReport.period == period)
    return session.scalars(query).one_or_none()


def ask_for_report(
    session: Session,
    shop_id: ShopId,
    period: str,
    *,
    asked: Mapping[str, Any] | None = None,
    changed_at: datetime | None = None,
    at: datetime,
) -> KeptReport:
    """Have a period's report computed if it is old; several may ask at once. Returns what there is.

    It is old, too, when it was computed before `changed_at`, when what it counts was changed last.
    One that failed for good is tried again when it is asked for after a while.
    """
    row: Document = {
        "shop_id": shop_id,
        "id": new_id(),
        "period": period,
        "looked_at": at,
        "state": State.WAITING,
        "attempts": 0,
        "run_at": at,
        "done": 0,
        "total": 0,
        "failures": 0,
        "took_ms": 0,
        "asked": asked,
    }
    insert_new(session, KeptReport, [row])
    query = select(KeptReport).where(KeptReport.shop_id == shop_id, KeptReport.period == period)
    kept = session.scalars(query.with_for_update()).one()
    kept.looked_at = at
    _begin_again(kept, at, changed_at)
    return kept


def refresh_reports(session: Session, shop_id: ShopId, *, at: datetime) -> None:
    """Have the old ones of those computed anew that people look at; forget what nobody does.

    One that failed for good waits until somebody looks at it.
    """
    gone = (KeptReport.shop_id == shop_id, KeptReport.looked_at < at - KEPT)
    session.execute(delete(KeptReport).where(*gone).execution_options(synchronize_session=False))
    query = select(KeptReport).where(
        KeptReport.shop_id == shop_id,
        KeptReport.looked_at > at - LOOKED_AT_LATELY,
        KeptReport.state == State.DONE,
        KeptReport.computed_at < at - STALE,
        KeptReport.period.not_like(f"{PAST}%"),
        KeptReport.period.not_like(f"{DRAFT}%"),
    )
    for kept in session.scalars(query.order_by(KeptReport.id).with_for_update()):
        _begin_again(kept, at)


def _begin_again(kept: KeptReport, at: datetime, changed_at: datetime | None = None) -> None:
    rested = kept.finished_at is not None and at - kept.finished_at > LEAST_LIFE
    # What was computed well waits for nothing when it is wrong by now.
    rested = rested or (kept.state == State.DONE and kept.is_overtaken(changed_at))
    if kept.state not in OPEN and kept.is_old(at, changed_at) and rested:
        revive(kept, now=at)
        kept.done = kept.failures = 0


def keep_report(
    kept: KeptReport,
    document: Mapping[str, Any],
    *,
    took_ms: int,
    computed_at: datetime,
    now: datetime,
) -> None:
    """Put a report in the place of the one before it."""
    kept.document = dict(document)
    kept.computed_at, kept.took_ms = computed_at, took_ms
    end(kept, State.DONE, now=now)
