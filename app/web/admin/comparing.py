"""Comparing: what was compared with the shop lately, what came of it, and doing it now."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.jobs.walks import compare_now
from app.models.audit_entry import AuditKind
from app.models.walk import WalkKind, newest_walks
from app.web import parts
from app.web.admin.asking import this_shop
from app.web.admin.blueprint import bp
from app.web.admin.noting import noted
from app.web.admin.walk_rows import progress

NEWEST = 8


@bp.get("/comparisons")
def comparisons() -> ResponseReturnValue:
    """Show the newest comparisons of each kind, and how far those are that go on."""
    now = parts.now()
    with parts.database().reading() as session:
        shop = this_shop(session)
        walks = [
            progress(walk, now)
            for kind in WalkKind
            for walk in newest_walks(session, shop.id, kind, limit=NEWEST)
        ]
    walks.sort(key=lambda walk: walk.begun_at, reverse=True)
    return render_template("admin/comparisons.html", walks=walks)


@bp.post("/comparisons")
def compare() -> ResponseReturnValue:
    """Compare orders, customers and codes now."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        compare_now(session, shop, at=parts.now())
        noted(session, shop, AuditKind.RECONCILED)
    flash(_("Your shop is being compared with our books."), "success")
    return redirect(url_for("admin.comparisons"), 303)
