"""Compute a report that somebody waits for, part by part, and keep it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.analytics.period import period_named
from app.analytics.report import report
from app.domain.calendar import midnight
from app.jobs.steps import ours, told_now_and_then
from app.jobs.tools import Clock, Tools
from app.loyalty.count_past import foresee
from app.loyalty.rehearse import rehearse
from app.loyalty.rehearsed import rehearsed_document
from app.models.kept_report import PAST, KeptReport, keep_report, past_since
from app.models.program import Programs
from app.models.program_document import program_from
from app.models.shop import Shop


def compute_report(tools: Tools, run: KeptReport, clock: Clock) -> None:
    """Compute the whole report from one moment of the database. Raises Overtaken."""
    at = clock()
    tell = told_now_and_then(tools, run, clock)
    with tools.database.reading() as session:
        document = _computed(session, run, tell, at=at)
    now = clock()
    took_ms = round((now - at).total_seconds() * 1000)
    with tools.database.transaction() as session:
        row = ours(session, run)
        keep_report(row, document, took_ms=took_ms, computed_at=at, now=now)


def _computed(
    session: Session, run: KeptReport, tell: Callable[[int, int], None], *, at: datetime
) -> dict[str, Any]:
    """What a run asks for: the figures of a time, or what past orders or a draft would give."""
    shop = session.get_one(Shop, run.shop_id)
    if run.asked is not None:
        now, draft = Programs(session, shop.id).at(at), program_from(run.asked["program"])
        return rehearsed_document(rehearse(session, shop, now, draft, at=at, progress=tell))
    if run.period.startswith(PAST):
        day = past_since(run.period)
        since = midnight(day, shop.zone) if day else None
        return foresee(session, shop, since=since, at=at, progress=tell).as_document()
    program, period = Programs(session, shop.id).at(at), period_named(run.period, at, shop.zone)
    return report(session, shop.id, program, period, at=at, progress=tell).as_document()
