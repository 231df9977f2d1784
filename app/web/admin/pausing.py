"""Pausing the program, once the merchant has read what a pause does, and resuming it."""

from collections.abc import Callable
from datetime import timedelta

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.loyalty import go_live as going_live
from app.models.at_stake import members_expiring, unused_codes
from app.models.audit_entry import AuditKind
from app.models.program import program_in_force
from app.web import parts
from app.web.admin.asking import author, current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.noting import noted_revision

SOON = timedelta(days=30)


@bp.get("/settings/pause")
def pausing() -> ResponseReturnValue:
    """Say what a pause does in this shop, and ask."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        now = current(session, shop)
        if now is None:
            return render_template("admin/connecting.html", section="settings")
        return render_template(
            "admin/pausing.html",
            program=now.programs.at(parts.now()),
            unused=unused_codes(session, shop.id),
            expiring=members_expiring(session, shop.id, before=parts.now() + SOON),
            days=SOON.days,
        )


@bp.post("/pause")
def pause() -> ResponseReturnValue:
    """Have nobody earn or spend for a while."""
    _publish(going_live.pause, AuditKind.PAUSED)
    flash(_("The program is paused. Nobody has lost a point."), "success")
    return redirect(url_for("admin.home"), 303)


@bp.post("/resume")
def resume() -> ResponseReturnValue:
    """Let a paused program go on."""
    _publish(going_live.resume, AuditKind.RESUMED)
    flash(_("The program goes on. New orders earn points again."), "success")
    return redirect(url_for("admin.home"), 303)


def _publish(verb: Callable[..., int], kind: AuditKind) -> None:
    """Publish the program as paused or as going on, and note who wanted it."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        at = parts.now()
        before, _program = program_in_force(session, shop.id, at=at)
        after = verb(session, shop, author=author(), at=at)
        noted_revision(session, shop, kind, before=before, after=after)


@bp.app_template_global("is_paused")
def is_paused() -> bool:
    """Whether the program of the merchant who is looking is paused; asked once for a page."""
    if "is_paused" not in g:
        with parts.database().reading() as session:
            now = current(session, this_shop(session))
        g.is_paused = now is not None and now.program.paused
    return bool(g.is_paused)
