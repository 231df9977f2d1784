"""The team: who has used the admin of this shop, noted from what the platform tells of them.

With them, in which browsers somebody is signed in now: a session is noted when its cookie comes
back for the first time, and again every few minutes.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.models.colleague import colleagues, note_visit, was_seen_lately
from app.models.shop import Shop
from app.models.sign_in import note_use, sign_ins
from app.web import parts, sessions
from app.web.admin.asking import author, author_name, this_shop
from app.web.admin.blueprint import bp
from app.web.browsers import browser_named
from app.web.guards import PROVING

NEWEST = 100


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """Somebody who has been here; `author` is how their changes are recorded."""

    author: str
    name: str
    first_seen_at: datetime
    last_seen_at: datetime
    is_you: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser in which somebody is signed in; `name` is how the session is signed out."""

    name: str
    who: str
    browser: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@bp.before_request
def note_who_is_here() -> None:
    """Note every few minutes who is here. Nobody is kept out because it cannot be written."""
    if request.endpoint == PROVING:
        return
    at, name = parts.now(), author()
    is_seen_anew = bool(g.get("is_seen_anew"))
    with parts.database().reading() as session:
        if was_seen_lately(session, g.shop_id, name, at=at) and not is_seen_anew:
            return
    try:
        with parts.database().transaction() as session:
            note_visit(session, g.shop_id, name, at=at)
            if is_seen_anew:
                _note_session(session, name, at=at)
    except DBAPIError:
        return


def _note_session(session: Session, name: str, *, at: datetime) -> None:
    this, began_at = sessions.this_session(), sessions.began_at()
    if this is not None and began_at is not None:
        note_use(
            session,
            g.shop_id,
            this,
            author=name,
            browser=browser_named(request.headers.get("User-Agent", "")),
            began_at=began_at,
            at=at,
            before=at - sessions.LASTS,
        )


@bp.get("/settings/team")
def team() -> ResponseReturnValue:
    """Show who has used the admin, and where somebody is signed in now."""
    at = parts.now()
    with parts.database().reading() as session:
        shop = this_shop(session)
        rows = [
            ColleagueRow(
                author=one.author,
                name=author_name(one.author),
                first_seen_at=one.first_seen_at,
                last_seen_at=one.last_seen_at,
                is_you=one.author == author(),
            )
            for one in colleagues(session, shop.id, limit=NEWEST)
        ]
        signed_in = _signed_in(session, shop, at=at)
    return render_template(
        "admin/team.html",
        rows=rows,
        sessions=signed_in,
        newest=NEWEST,
        may_end=sessions.is_proved_lately(at=at),
    )


def _signed_in(session: Session, shop: Shop, *, at: datetime) -> list[SessionRow]:
    began_since = max(at - sessions.LASTS, shop.installed_at)
    found = sign_ins(
        session, shop.id, began_since=began_since, seen_since=at - sessions.IDLE, limit=NEWEST
    )
    return [
        SessionRow(
            name=one.name,
            who=author_name(one.author),
            browser=one.browser,
            began_at=one.began_at,
            seen_at=one.seen_at,
            is_this=one.name == sessions.this_session(),
        )
        for one in found
    ]
