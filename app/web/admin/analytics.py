"""Analytics: what the program and its customers come to, with each definition beside it."""

from datetime import datetime, timedelta
from time import monotonic

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.analytics.report import Report, report, report_from
from app.domain.program import Program
from app.models.kept_report import keep_report, kept_report
from app.models.shop import Shop
from app.web import parts
from app.web.admin.analytics_asked import PRESETS, Asked, asked_period, last_days
from app.web.admin.analytics_sections import sections
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp

SLOW_MS = 200
LIVES = 1000
"""What takes longer is kept, for a thousand times as long as it took: 5 seconds for 83 minutes."""


@bp.get("/analytics")
def analytics() -> ResponseReturnValue:
    """Show the figures of a time."""
    found = _figures()
    if found is None:
        return render_template("admin/connecting.html", section="analytics")
    asked, report, program = found
    status = 422 if asked.wrong else 200
    page = render_template(
        "admin/analytics.html",
        asked=asked,
        report=report,
        sections=sections(report, program),
        presets=PRESETS,
        is_empty=not report.sales.ever_customers and not report.outstanding.points,
    )
    return page, status


@bp.get("/analytics/<name>.csv")
def analytics_file(name: str) -> ResponseReturnValue:
    """Send one table as a file."""
    found = _figures()
    if found is None:
        abort(404)
    asked, report, program = found
    tables = {table.name: table for part in sections(report, program) for table in part.tables}
    if name not in tables:
        abort(404)
    answer = make_response(tables[name].as_csv())
    answer.mimetype = "text/csv"
    days = f"{asked.period.first.isoformat()}-{asked.period.last.isoformat()}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.csv"'
    return answer


def _figures() -> tuple[Asked, Report, Program] | None:
    """What was asked, and the report of it; None until the shop has a program."""
    now = parts.now()
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        if revision is None:
            return None
        asked = asked_period(request.args, now, shop.zone)
        known = _kept(session, shop, asked, now)
        if known is not None:
            return *known, revision.program
        began = monotonic()
        found = report(session, shop.id, revision.program, asked.period, at=now)
        took_ms = round((monotonic() - began) * 1000)
    if asked.days is not None and took_ms > SLOW_MS:
        with parts.database().transaction() as session:
            document = found.as_document()
            keep_report(session, shop.id, asked.days, document, took_ms=took_ms, at=now)
    return asked, found, revision.program


def _kept(session: Session, shop: Shop, asked: Asked, now: datetime) -> tuple[Asked, Report] | None:
    """A report that was computed ahead; None when there is none, or it is too old."""
    kept = kept_report(session, shop.id, asked.days) if asked.days is not None else None
    if kept is None or asked.days is None:
        return None
    if now - kept.computed_at > timedelta(milliseconds=kept.took_ms * LIVES):
        return None
    period = last_days(asked.days, kept.computed_at, asked.period.zone)
    named = Asked(period, asked.days, asked.first, asked.last, asked.wrong)
    return named, report_from(kept.document)
