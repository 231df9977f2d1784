"""Deliveries and effects: what came in, what went out, what failed, and trying it again."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.loyalty.replay import replay_delivery, replay_effect
from app.models.audit_entry import AuditKind
from app.models.delivery import Delivery, deliveries_page
from app.models.effect import EffectRow, effects_page
from app.models.queue import counts
from app.web import parts
from app.web.admin.asking import this_shop
from app.web.admin.blueprint import bp
from app.web.admin.noting import noted
from app.web.admin.queue_rows import counted, delivery_rows, effect_rows, filters
from app.web.admin.requests import DeliveriesAsked, ReplayForm, asked

NEWEST = 50


@bp.get("/deliveries")
def deliveries() -> ResponseReturnValue:
    """Show the newest webhooks, or the newest tasks in the shop."""
    wanted = asked(DeliveriesAsked, request.args)
    kind, state = wanted["kind"], wanted["state"]
    with parts.database().reading() as session:
        shop = this_shop(session)
        if kind == "tasks":
            found = counts(session, EffectRow, shop.id)
            rows = effect_rows(effects_page(session, shop.id, state=state, limit=NEWEST))
        else:
            found = counts(session, Delivery, shop.id)
            rows = delivery_rows(deliveries_page(session, shop.id, state=state, limit=NEWEST))
    return render_template(
        "admin/deliveries.html",
        kind=kind,
        state=state,
        rows=rows,
        filters=filters(found),
        whole=counted(sum(found.values())),
        newest=NEWEST,
    )


@bp.post("/deliveries/replay")
def replay_webhook() -> ResponseReturnValue:
    """Read a webhook again."""
    delivery_id = asked(ReplayForm, request.form)["delivery_id"]
    with parts.database().transaction() as session:
        shop = this_shop(session)
        replay_delivery(session, shop, delivery_id, at=parts.now())
        noted(session, shop, AuditKind.REPLAYED, subject=delivery_id)
    flash(_("The webhook is being read again."), "success")
    return redirect(url_for("admin.deliveries", kind="webhooks"), 303)


@bp.post("/effects/<uuid:effect_id>/replay")
def replay_task(effect_id: UUID) -> ResponseReturnValue:
    """Try a task in the shop again."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        replay_effect(session, shop, effect_id, at=parts.now())
        noted(session, shop, AuditKind.REPLAYED, subject=str(effect_id))
    flash(_("The task is being tried again."), "success")
    return redirect(url_for("admin.deliveries", kind="tasks"), 303)
