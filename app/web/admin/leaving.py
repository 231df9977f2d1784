"""Signing out: of this session, of any other, and what an open page asks of its own.

A cookie that somebody copied is worth nothing afterwards, since whose sessions are over is noted.
Sessions of others are ended by whom the platform has vouched for within a quarter of an hour.
"""

from datetime import datetime

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, fields, validate
from sqlalchemy.orm import Session

from app.models.audit_entry import AuditKind
from app.models.sign_in import SignIn, forget_sign_in, forget_sign_ins, forget_sign_ins_of
from app.models.sign_out import EVERYBODY, note_sign_out
from app.web import parts, sessions
from app.web.admin.asking import author_name, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.noting import noted
from app.web.admin.requests import asked

CLEAR = '"cache", "storage"'
"""What a browser is asked to forget of us when somebody signs out."""


def _name() -> fields.String:
    lengths = validate.Length(min=1, max=100)
    return fields.String(required=True, validate=[lengths, validate.ContainsNoneOf("\0")])


class Colleague(Schema):
    """Whose sessions are to end: an author, as the page of the team names them."""

    class Meta:
        """The token beside it is read by itself."""

        unknown = EXCLUDE

    author = _name()


class OneSession(Schema):
    """Which session is to end, as the page of the team names it."""

    class Meta(Colleague.Meta):
        """The same."""

    session = _name()


@bp.get("/session")
def prove_session() -> ResponseReturnValue:
    """Whether the session goes on: the guard has asked, and this is no use of it."""
    return "", 204


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session, and lead to the page for whoever is nobody."""
    own = sessions.this_session()
    if own is not None:
        with parts.database().transaction() as writing:
            _end(writing, own, at=parts.now())
            forget_sign_in(writing, g.shop_id, own)
    return _signed_out()


@bp.post("/settings/team/sign-out")
def sign_colleague_out() -> ResponseReturnValue:
    """End every session of a colleague; who may still open the app can begin another."""
    whose, at = asked(Colleague, request.form)["author"], parts.now()
    if not sessions.is_proved_lately(at=at):
        return _wants_proof()
    with parts.database().transaction() as writing:
        _end(writing, whose, at=at)
        forget_sign_ins_of(writing, g.shop_id, whose)
        noted(writing, this_shop(writing), AuditKind.SIGNED_OUT, subject=whose)
    if whose == sessions.person():
        return _signed_out()
    flash(_("Signed out everywhere: %(name)s.", name=author_name(whose)), "success")
    return redirect(url_for("admin.team"), 303)


@bp.post("/settings/team/sessions/sign-out")
def end_session() -> ResponseReturnValue:
    """End one session; one that is over already stays so, and nothing is noted twice."""
    name = asked(OneSession, request.form)["session"]
    if name == sessions.this_session():
        return sign_out()
    at = parts.now()
    if not sessions.is_proved_lately(at=at):
        return _wants_proof()
    with parts.database().transaction() as writing:
        known = writing.get(SignIn, (g.shop_id, name))
        if known is not None:
            _end(writing, name, at=at)
            noted(writing, this_shop(writing), AuditKind.ENDED, subject=known.author)
            forget_sign_in(writing, g.shop_id, name)
    flash(_("The session is over."), "success")
    return redirect(url_for("admin.team"), 303)


@bp.post("/settings/team/sessions/sign-out-others")
def end_other_sessions() -> ResponseReturnValue:
    """End every session of the shop but this one; copies of its cookie end, too."""
    at = parts.now()
    if not sessions.is_proved_lately(at=at):
        return _wants_proof()
    with parts.database().transaction() as writing:
        # This session is spared at that very moment: one a moment later would end it, too.
        _end(writing, EVERYBODY, at=at)
        forget_sign_ins(writing, g.shop_id, but=sessions.this_session())
        noted(writing, this_shop(writing), AuditKind.ENDED_OTHERS)
    sessions.note_others_ended(at=at)
    flash(_("All other sessions are over."), "success")
    return redirect(url_for("admin.team"), 303)


def _end(writing: Session, whose: str, *, at: datetime) -> None:
    note_sign_out(writing, g.shop_id, whose, at=at, before=at - sessions.LASTS)


def _wants_proof() -> ResponseReturnValue:
    """Who has been away from a window by itself is not believed to be who signed in there."""
    flash(_("Open Stamkunde from your shop's admin again, and end sessions then."), "danger")
    return redirect(url_for("admin.team"), 303)


def _signed_out() -> ResponseReturnValue:
    g.was_embedded = sessions.is_embedded()
    g.signed_out_of = g.shop_domain
    session.clear()
    page = render_template("admin/signed_out.html")
    return page, {"Clear-Site-Data": CLEAR}
