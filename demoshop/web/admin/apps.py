"""Apps: install, open, throw out; and fast-forward what would take an hour or two days."""

from time import monotonic

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from demoshop.host.installation import installed_at, installed_scope, redact_shop, uninstall
from demoshop.host.tokens import expire_access_tokens, pass_ninety_days, revoke
from demoshop.records.app_grant import tokens
from demoshop.records.webhook import script_tags, subscriptions
from demoshop.web.here import machine, now
from demoshop.web.links import app_link

bp = Blueprint("admin_apps", __name__, url_prefix="/admin")


@bp.get("/")
def home() -> ResponseReturnValue:
    """The back office opens on its orders."""
    return redirect("/admin/orders")


@bp.get("/apps")
def show() -> ResponseReturnValue:
    """The one app there is, and what it has hung onto the shop."""
    with machine().transaction() as db:
        return render_template(
            "admin/apps.html",
            scope=installed_scope(db),
            since=installed_at(db),
            tokens=tokens(db),
            subscriptions=subscriptions(db),
            script_tags=script_tags(db),
            now=now(),
        )


@bp.get("/apps/stamkunde")
def open_app() -> ResponseReturnValue:
    """Go to the app, signed; not installed yet, it will ask for consent."""
    return redirect(app_link(machine().settings, now()))


@bp.post("/apps/uninstall")
def throw_out() -> ResponseReturnValue:
    """Uninstall."""
    here = machine()
    with here.transaction() as db:
        done = uninstall(db, here.settings, at=now())
    flash("The app is uninstalled and has been told." if done else "It was not installed.")
    return redirect("/admin/apps")


@bp.post("/apps/expire-tokens")
def expire() -> ResponseReturnValue:
    """An hour passes for the access tokens."""
    with machine().transaction() as db:
        count = expire_access_tokens(db, at=now())
    flash(f"{count} access tokens have expired. The app must refresh before its next call.")
    return redirect("/admin/apps")


@bp.post("/apps/end-tokens")
def end() -> ResponseReturnValue:
    """Ninety days pass for all tokens."""
    with machine().transaction() as db:
        count = pass_ninety_days(db, at=now())
    flash(f"{count} tokens are over. Only opening the app again can help.")
    return redirect("/admin/apps")


@bp.post("/apps/revoke-tokens")
def take_back() -> ResponseReturnValue:
    """All tokens are taken back."""
    with machine().transaction() as db:
        count = revoke(db)
    flash(f"{count} tokens were taken back. The app hears of it by its next call.")
    return redirect("/admin/apps")


@bp.post("/apps/empty-bucket")
def empty() -> ResponseReturnValue:
    """The app's next call is throttled."""
    machine().desk.bucket.empty(monotonic())
    flash("All query points are spent; they come back at a hundred a second.")
    return redirect("/admin/apps")


@bp.post("/apps/shop-redact")
def shop_redact() -> ResponseReturnValue:
    """48 hours after uninstalling, without the wait."""
    here = machine()
    with here.transaction() as db:
        redact_shop(db, here.settings, at=now())
    flash("The app has been told to forget this shop.")
    return redirect("/admin/apps")
