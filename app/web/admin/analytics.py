"""Analytics: what the program and its customers come to, with each definition beside it.

A small shop's figures are computed while the page is asked for; a large one's by a worker, and
shown as they were then. What nobody has asked for yet is shown as it comes about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.analytics.period import period_named
from app.analytics.report import Report, report, report_from
from app.domain.program import Program
from app.models.kept_report import KeptReport, is_large
from app.models.queue import OPEN
from app.models.shop import Shop
from app.web import parts
from app.web.admin.analytics_asked import PRESETS, Asked, asked_period
from app.web.admin.analytics_sections import sections
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.kept import look_at


@dataclass(frozen=True, slots=True)
class Figures:
    """What was asked, and the report of it; None while a worker is still at the first one."""

    asked: Asked
    program: Program
    report: Report | None
    kept: KeptReport | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether a newer report is on its way."""
        return self.kept is not None and self.kept.state in OPEN


@bp.get("/analytics")
def analytics() -> ResponseReturnValue:
    """Show the figures of a time."""
    found = figures_of(request.args)
    if found is None:
        return render_template("admin/connecting.html", section="analytics")
    shown = found.report
    page = render_template(
        "admin/analytics.html",
        figures=found,
        asked=found.asked,
        report=shown,
        sections=sections(shown, found.program) if shown else [],
        presets=PRESETS,
        is_empty=shown is not None
        and not shown.sales.ever_customers
        and not shown.outstanding.points,
    )
    return page, 422 if found.asked.wrong else 200


@bp.get("/analytics/<name>.csv")
def analytics_file(name: str) -> ResponseReturnValue:
    """Send one table as a file."""
    found = figures_of(request.args)
    if found is None:
        abort(404)
    if found.report is None:
        return redirect(url_for("admin.analytics", **found.asked.query), 303)
    shown = sections(found.report, found.program)
    tables = {table.name: table for part in shown for table in part.tables}
    if name not in tables:
        abort(404)
    answer = make_response(tables[name].as_csv())
    answer.mimetype = "text/csv"
    days = f"{found.asked.period.first.isoformat()}-{found.asked.period.last.isoformat()}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.csv"'
    return answer


def figures_of(query: Mapping[str, str]) -> Figures | None:
    """What a query asks for, and what there is of it; None until the shop has a program."""
    now = parts.now()
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        if revision is None:
            return None
        asked, program = asked_period(query, now, shop.zone), revision.program
        if not is_large(session, shop.id):
            found = report(session, shop.id, program, asked.period, at=now)
            return Figures(asked, program, found)
    return _as_kept(look_at(shop.id, asked.name, at=now), asked, program, shop)


def _as_kept(kept: KeptReport, asked: Asked, program: Program, shop: Shop) -> Figures:
    if kept.document is None or kept.computed_at is None:
        return Figures(asked, program, None, kept)
    period = period_named(kept.period, kept.computed_at, shop.zone)
    return Figures(replace(asked, period=period), program, report_from(kept.document), kept)
