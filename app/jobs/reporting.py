"""Compute a report that somebody waits for, part by part, and keep it."""

from app.analytics.period import period_named
from app.analytics.report import report
from app.jobs.steps import ours, told_now_and_then
from app.jobs.tools import Clock, Tools
from app.models.kept_report import KeptReport, keep_report
from app.models.program import Programs
from app.models.shop import Shop


def compute_report(tools: Tools, run: KeptReport, clock: Clock) -> None:
    """Compute the whole report from one moment of the database. Raises Overtaken."""
    at = clock()
    with tools.database.reading() as session:
        shop = session.get_one(Shop, run.shop_id)
        found = report(
            session,
            shop.id,
            Programs(session, shop.id).at(at),
            period_named(run.period, at, shop.zone),
            at=at,
            progress=told_now_and_then(tools, run, clock),
        )
    now = clock()
    took_ms = round((now - at).total_seconds() * 1000)
    with tools.database.transaction() as session:
        row = ours(session, run)
        keep_report(row, found.as_document(), took_ms=took_ms, computed_at=at, now=now)
