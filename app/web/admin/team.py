"""The team: who has used the admin of this shop, noted from what the platform tells of them."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from app.models.colleague import colleagues, note_visit, was_seen_lately
from app.web import parts
from app.web.admin.asking import author, author_name, this_shop
from app.web.admin.blueprint import bp
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


@bp.before_request
def note_who_is_here() -> None:
    """Note every few minutes who is here. Nobody is kept out because it cannot be written."""
    if request.endpoint == PROVING:
        return
    at, name = parts.now(), author()
    with parts.database().reading() as session:
        if was_seen_lately(session, g.shop_id, name, at=at):
            return
    try:
        with parts.database().transaction() as session:
            note_visit(session, g.shop_id, name, at=at)
    except DBAPIError:
        return


@bp.get("/settings/team")
def team() -> ResponseReturnValue:
    """Show who has used the admin."""
    with parts.database().reading() as session:
        rows = [
            ColleagueRow(
                author=one.author,
                name=author_name(one.author),
                first_seen_at=one.first_seen_at,
                last_seen_at=one.last_seen_at,
                is_you=one.author == author(),
            )
            for one in colleagues(session, this_shop(session).id, limit=NEWEST)
        ]
    return render_template("admin/team.html", rows=rows, newest=NEWEST)
