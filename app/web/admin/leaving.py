"""Signing out: of this session, of all that a colleague has, and what an open page asks of its own.

A cookie that somebody copied is worth nothing afterwards, since whose sessions are over is noted.
"""

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, fields, validate

from app.models.audit_entry import AuditKind
from app.models.sign_out import note_sign_out
from app.web import parts, sessions
from app.web.admin.asking import author_name, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.noting import noted
from app.web.admin.requests import asked

CLEAR = '"cache", "storage"'
"""What a browser is asked to forget of us when somebody signs out."""


class Colleague(Schema):
    """Whose sessions are to end: an author, as the page of the team names them."""

    class Meta:
        """The token beside it is read by itself."""

        unknown = EXCLUDE

    author = fields.String(
        required=True, validate=[validate.Length(min=1, max=100), validate.ContainsNoneOf("\0")]
    )


@bp.get("/session")
def prove_session() -> ResponseReturnValue:
    """Whether the session goes on: the guard has asked, and this is no use of it."""
    return "", 204


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session, and lead to the page for whoever is nobody."""
    own, at = sessions.this_session(), parts.now()
    if own is not None:
        with parts.database().transaction() as writing:
            note_sign_out(writing, g.shop_id, own, at=at, before=at - sessions.LASTS)
    return _signed_out()


@bp.post("/settings/team/sign-out")
def sign_colleague_out() -> ResponseReturnValue:
    """End every session of a colleague; who may still open the app can begin another."""
    whose, at = asked(Colleague, request.form)["author"], parts.now()
    with parts.database().transaction() as writing:
        note_sign_out(writing, g.shop_id, whose, at=at, before=at - sessions.LASTS)
        noted(writing, this_shop(writing), AuditKind.SIGNED_OUT, subject=whose)
    if whose == sessions.person():
        return _signed_out()
    flash(_("Signed out everywhere: %(name)s.", name=author_name(whose)), "success")
    return redirect(url_for("admin.team"), 303)


def _signed_out() -> ResponseReturnValue:
    g.was_embedded = sessions.is_embedded()
    g.signed_out_of = g.shop_domain
    session.clear()
    page = render_template("admin/signed_out.html")
    return page, {"Clear-Site-Data": CLEAR}
