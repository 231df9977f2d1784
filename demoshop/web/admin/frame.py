"""The app in a frame of the admin: installed there, and told who is there by tokens of a minute."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from demoshop.host.installation import installed_scope, mark_installed
from demoshop.host.session_tokens import session_token
from demoshop.web.here import machine, now
from demoshop.web.links import app_link
from demoshop.web.oauth import readable

bp = Blueprint("admin_frame", __name__, url_prefix="/admin/apps/stamkunde")


@bp.get("/frame")
def show() -> ResponseReturnValue:
    """The app in its frame; before it is installed, what it asks for."""
    settings, at = machine().settings, now()
    with machine().transaction() as db:
        installed = installed_scope(db) is not None
    if not installed:
        reads, writes = readable(settings.scopes)
        return render_template("admin/consent.html", action="frame", reads=reads, writes=writes)
    proof = {"embedded": "1", "id_token": session_token(settings, at)}
    return render_template(
        "admin/frame.html", source=app_link(settings, at, **proof), app=settings.app_origin
    )


@bp.post("/frame")
def install() -> ResponseReturnValue:
    """The merchant agrees to what the app's configuration asks for."""
    with machine().transaction() as db:
        mark_installed(db, machine().settings.scopes, at=now())
    return redirect("/admin/apps/stamkunde/frame")


@bp.get("/token")
def token() -> ResponseReturnValue:
    """A token of this minute, for the script around the frame."""
    return session_token(machine().settings, now()), {"Content-Type": "text/plain"}
