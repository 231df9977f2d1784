"""The event log: every webhook with its attempts, every call of the app."""

import json

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from demoshop.host.announce import redeliver
from demoshop.records.call import latest_calls
from demoshop.records.webhook import Webhook, latest_webhooks, webhook_counts
from demoshop.web.here import machine, now

bp = Blueprint("admin_events", __name__, url_prefix="/admin/events")

LOG_LENGTH = 100


@bp.get("")
def show_all() -> ResponseReturnValue:
    """Webhooks and calls, newest first."""
    with machine().transaction() as db:
        return render_template(
            "admin/events.html",
            webhooks=latest_webhooks(db, LOG_LENGTH),
            calls=latest_calls(db, LOG_LENGTH),
            counts=webhook_counts(db),
        )


@bp.get("/<int:row>")
def show(row: int) -> ResponseReturnValue:
    """One webhook: its body, and how each attempt went."""
    with machine().transaction() as db:
        webhook = db.get(Webhook, row)
    if webhook is None:
        raise NotFound("There is no such webhook.")
    body = json.dumps(json.loads(webhook.body), ensure_ascii=False, indent=2)
    return render_template("admin/event.html", webhook=webhook, body=body)


@bp.post("/<int:row>/redeliver")
def again(row: int) -> ResponseReturnValue:
    """Send it once more, under the same id."""
    with machine().transaction() as db:
        webhook = db.get(Webhook, row)
        if webhook is None:
            raise NotFound("There is no such webhook.")
        redeliver(db, [webhook], at=now())
    flash(f"{webhook.topic} is on its way again, with the id it had.")
    return redirect("/admin/events")
