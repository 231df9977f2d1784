"""Keys: which other tools of the shop may ask us, what each may do, and when it last did.

Of a key only a hash is kept, so its page after it was made is the one place where it can be read.
The form carries the wish from which the key follows: sent twice, as by a reload, it makes one key,
and shows it as long as it could make one.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, fields, validate
from sqlalchemy.orm import Session

from app.domain.errors import KeyReused
from app.domain.key_text import KeyText, shown
from app.loyalty.make_key import make_key
from app.loyalty.tell import told_actions
from app.models.api_key import ApiKey, Scope, keys_of
from app.models.audit_entry import AuditKind
from app.models.program import Programs
from app.models.shop import Shop
from app.web import parts, sessions
from app.web.admin.asking import author, author_name, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import points
from app.web.admin.key_words import DOES, NAMES
from app.web.admin.noting import noted
from app.web.admin.program_choices import deed_name
from app.web.admin.requests import Asked, asked, sentences
from app.web.errors import NotSignedIn
from app.web.sentences import said

MOST_KEYS = 20
"""So many work at once: more than a shop has tools."""
API = "/api/v1"

_NAME = _("Write a name of at most 60 characters, by which you know the tool.")
_ANY = _("Choose what the tool may do.")


class KeyForm(Asked):
    """A tool by its name, what it may do, and the wish that makes a doubled submit one key."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, 60, error=_NAME),
        error_messages={"required": _NAME},
    )
    wish = fields.String(required=True, validate=validate.Length(20, 64))
    read_members = fields.Boolean(load_default=False)
    tell_deeds = fields.Boolean(load_default=False)
    adjust_points = fields.Boolean(load_default=False)


class WhichKey(Asked):
    """A key by its public part."""

    key = fields.String(required=True, validate=validate.Length(1, 10))


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key in words; `beginning` is what of it may be read by everybody."""

    id: str
    name: str
    beginning: str
    may: str
    made_by: str
    made_at: datetime
    used_at: datetime | None
    is_revoked: bool


@bp.get("/settings/keys")
def keys() -> ResponseReturnValue:
    """Show the keys of the shop, and the form for another."""
    return _page({"tell_deeds": "on"}, {})


@bp.post("/settings/keys")
def make_api_key() -> ResponseReturnValue:
    """Make a key, and show it this once; the same form again shows the same key."""
    typed = request.form.to_dict()
    try:
        form = KeyForm().load(typed)
        scopes = [scope for scope in Scope if form[scope.value]]
        if not scopes:
            raise ValidationError({"scopes": [_ANY]})
        if not sessions.is_proved_lately(at=parts.now()):
            raise ValidationError(
                {
                    "name": [
                        gettext(
                            "Open Stamkunde from your shop's admin again, and make the key then."
                        )
                    ]
                }
            )
        with parts.database().transaction() as session:
            made = _made(session, this_shop(session), form, scopes)
    except ValidationError as error:
        return _page(typed, sentences(error)), 422
    except KeyReused as reused:
        del typed["wish"]
        return _page(typed, {"name": said(reused.message)}), 422
    return _page({"tell_deeds": "on"}, {}, made), 201


@bp.post("/settings/keys/revocation")
def revoke_api_key() -> ResponseReturnValue:
    """Have a key work no more; twice is once."""
    wanted = asked(WhichKey, request.form)["key"]
    with parts.database().transaction() as session:
        shop = this_shop(session)
        key = session.get(ApiKey, (shop.id, wanted), with_for_update=True)
        if key is not None and key.revoked_at is None:
            key.revoked_at = parts.now()
            noted(session, shop, AuditKind.KEY_REVOKED, subject=key.name)
    flash(gettext("The key does not work any more."), "success")
    return redirect(url_for("admin.keys"), 303)


def _made(session: Session, shop: Shop, form: Mapping[str, str], scopes: list[Scope]) -> KeyText:
    """The key of a wish. Raises KeyReused, NotSignedIn, and ValidationError for too many."""
    # Of two who send the same form at once, one finds what the other has made.
    session.refresh(shop, with_for_update=True)
    if shop.state not in sessions.OPEN_TO:
        # It has left since we let this form in, and its keys were revoked: no other is to come.
        raise NotSignedIn(gettext("Open Stamkunde from your shop's admin to begin."))
    working = sum(key.revoked_at is None for key in keys_of(session, shop.id))
    text, is_new = make_key(
        session,
        shop,
        form["wish"],
        letters=parts.vault().key_letters,
        hashed=parts.vault().key_hash,
        name=form["name"],
        scopes=scopes,
        by=author(),
        at=parts.now(),
    )
    if is_new and working >= MOST_KEYS:
        many = gettext("%(number)s keys work at once at most. Revoke one first.", number=MOST_KEYS)
        raise ValidationError({"name": [many]})
    if is_new:
        noted(session, shop, AuditKind.KEY_MADE, subject=form["name"], scopes=scopes)
    return text


def _page(typed: Mapping[str, str], errors: Mapping[str, str], made: KeyText | None = None) -> str:
    """The page, with what was typed and what is wrong with it, or with a key that was just made."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        rows = [_row(key) for key in keys_of(session, shop.id)]
        program = Programs(session, shop.id).look(parts.now())
    return render_template(
        "admin/keys.html",
        rows=rows,
        typed={"wish": secrets.token_urlsafe(32)} | dict(typed),
        errors=errors,
        made=made,
        deeds=[
            (action.code, deed_name(action), points(action.points))
            for action in (told_actions(program) if program is not None else ())
        ],
        scopes=[(scope.value, NAMES[scope], DOES[scope]) for scope in Scope],
        address=f"{parts.settings().public_url}{API}",
    )


def _row(key: ApiKey) -> KeyRow:
    return KeyRow(
        id=key.id,
        name=key.name,
        beginning=f"{shown(key.shop_id, key.id)}…",
        may=", ".join(str(NAMES[scope]) for scope in key.may),
        made_by=author_name(key.made_by),
        made_at=key.made_at,
        used_at=key.used_at,
        is_revoked=key.revoked_at is not None,
    )
