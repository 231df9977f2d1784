"""The theme editor: where a merchant switches an app's embed on."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from demoshop.host.installation import installed_scope
from demoshop.records.setting import set_setting, setting
from demoshop.web.here import machine, now

bp = Blueprint("admin_theme", __name__, url_prefix="/admin/themes/current/editor")


@bp.get("")
def show() -> ResponseReturnValue:
    """The app embeds; a deep link of the app points at its own."""
    wanted = request.args.get("activateAppId", "")
    with machine().transaction() as db:
        return render_template(
            "admin/theme.html",
            installed=installed_scope(db) is not None,
            embed=setting(db, "app_embed", default=False),
            embed_only=setting(db, "embed_only", default=False),
            pointed_at=wanted.partition("/")[0] == machine().settings.client_id,
            now=now(),
        )


@bp.post("")
def save() -> ResponseReturnValue:
    """Keep the switches as they stand in the form."""
    with machine().transaction() as db:
        set_setting(db, "app_embed", bool(request.form.get("app_embed")))
        set_setting(db, "embed_only", bool(request.form.get("embed_only")))
    flash("The theme is saved.")
    return redirect("/admin/themes/current/editor?context=apps")
