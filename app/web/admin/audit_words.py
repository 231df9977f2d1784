"""The audit log in words: what somebody did, from what to what, and where to look at it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.models.adjustment_note import notes_on
from app.models.api_key import Scope
from app.models.audit_entry import AuditEntry, AuditKind
from app.models.member import Member, members_by_id
from app.models.program import Programs
from app.models.shop import Shop
from app.web.admin.asking import author_name
from app.web.admin.formats import number, signed
from app.web.admin.key_words import NAMES
from app.web.admin.look_words import choice_name, place, setting_name
from app.web.admin.member_rows import member_name
from app.web.admin.planned import differences

NONE = "–"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry as people read it; `details` are what was changed, a sentence for each."""

    id: UUID
    at: datetime
    who: str
    what: str
    link: str
    details: tuple[str, ...]

    @property
    def told(self) -> str:
        """The details in one line, for a file."""
        return " ".join(self.details)


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries are about: members, what was written of adjustments, and revisions."""

    members: Mapping[UUID, Member]
    notes: Mapping[tuple[UUID, str], str]
    programs: Programs


_WORDS = {
    AuditKind.PUBLISHED: _("Published the program: revision %(before)s → %(after)s"),
    AuditKind.PLANNED: _("Planned from %(subject)s on: revision %(before)s → %(after)s"),
    AuditKind.ROLLED_BACK: _("Went back to an earlier revision: %(before)s → %(after)s"),
    AuditKind.WENT_LIVE: _("Went live: preview → live"),
    AuditKind.PAST_EARN: _("Let orders since %(subject)s earn points"),
    AuditKind.PAUSED: _("Paused the program: live → paused"),
    AuditKind.RESUMED: _("Resumed the program: paused → live"),
    AuditKind.UNPLANNED: _("Canceled what was planned: revision %(subject)s"),
    AuditKind.ADJUSTED: _("%(member)s: %(change)s points by hand, %(before)s → %(after)s"),
    AuditKind.FLOOR: _("%(member)s: lowest tier %(before)s → %(after)s"),
    AuditKind.MERGED: _("%(member)s: merged with another member"),
    AuditKind.ERASED: _("Forgot a customer"),
    AuditKind.CANCELED: _("%(member)s: undid the code %(code)s, %(points)s come back"),
    AuditKind.FULFILLED: _("%(member)s: ticked off steps of %(code)s, %(before)s → %(after)s"),
    AuditKind.GAVE_AGAIN: _("%(member)s: gave %(code)s again, as %(subject)s"),
    AuditKind.REPLAYED: _("Tried again: %(subject)s"),
    AuditKind.RECONCILED: _("Compared the shop's orders with the points"),
    AuditKind.FETCHED: _("Had orders since %(subject)s fetched from the shop"),
    AuditKind.EXPORTED: _("Exported everything"),
    AuditKind.IMPORTED: _("Imported %(subject)s"),
    AuditKind.WITHDRAWN: _("Undid an import: %(subject)s"),
    AuditKind.HANDED_OVER: _("Handed a customer's data over"),
    AuditKind.LOOK: _("Changed the look of the widget"),
    AuditKind.PERMITTED: _("Allowed Stamkunde more in the shop"),
    AuditKind.SIGNED_OUT: _("Signed %(subject)s out everywhere"),
    AuditKind.KEY_MADE: _("Made the key %(subject)s"),
    AuditKind.KEY_REVOKED: _("Revoked the key %(subject)s"),
    AuditKind.ENDED: _("Ended a session of %(subject)s"),
    AuditKind.ENDED_OTHERS: _("Ended all sessions but their own"),
}


_TAKEN_OUT = _("%(member)s: took out all that we hold on them")
"""The data of a member, whom nobody has to have asked for it."""


def audit_rows(session: Session, shop: Shop, entries: Sequence[AuditEntry]) -> list[AuditRow]:
    """Entries in words."""
    ids = {entry.member_id for entry in entries if entry.member_id is not None}
    known = _Known(
        members_by_id(session, shop.id, ids),
        notes_on(session, shop.id, ids),
        Programs(session, shop.id),
    )
    return [_row(entry, known) for entry in entries]


def _row(entry: AuditEntry, known: _Known) -> AuditRow:
    kind = AuditKind(entry.kind)
    member = known.members.get(entry.member_id) if entry.member_id is not None else None
    facts = defaultdict(lambda: NONE, {name: _fact(value) for name, value in entry.body.items()})
    facts["member"] = member_name(member) if member is not None else NONE
    if kind is AuditKind.ADJUSTED:
        facts["change"] = signed(entry.body["points"])
    if kind in (AuditKind.SIGNED_OUT, AuditKind.ENDED):
        facts["subject"] = author_name(entry.body["subject"])
    is_taken = kind is AuditKind.HANDED_OVER and entry.member_id is not None
    return AuditRow(
        id=entry.id,
        at=entry.at,
        who=author_name(entry.author),
        what=str(_TAKEN_OUT if is_taken else _WORDS[kind]) % facts,
        link=_link(entry, member),
        details=tuple(_details(kind, entry, known)),
    )


def _link(entry: AuditEntry, member: Member | None) -> str:
    """Where one can look at what was changed; empty where there is no page of it."""
    if member is not None:
        return url_for("admin.member", member_id=member.id)
    revision = entry.body.get("after") if entry.kind in _OF_PROGRAM else None
    return url_for("admin.revision", number=revision) if revision else ""


_OF_PROGRAM = (
    AuditKind.PUBLISHED,
    AuditKind.PLANNED,
    AuditKind.ROLLED_BACK,
    AuditKind.WENT_LIVE,
    AuditKind.PAUSED,
    AuditKind.RESUMED,
)


def _details(kind: AuditKind, entry: AuditEntry, known: _Known) -> list[str]:
    """Single settings, each from what to what; of an adjustment the reason, if it is kept."""
    body = entry.body
    if kind in (AuditKind.PUBLISHED, AuditKind.PLANNED, AuditKind.ROLLED_BACK):
        return differences(known.programs, body["before"], body["after"])
    if kind is AuditKind.ADJUSTED and entry.member_id is not None:
        note = known.notes.get((entry.member_id, f"adjust:{body['key']}"))
        return [gettext("Reason: %(reason)s", reason=note)] if note else []
    if kind is AuditKind.KEY_MADE:
        return [", ".join(str(NAMES[Scope(scope)]) for scope in body["scopes"])]
    changed = body.get("changes", {})
    return [
        f"{setting_name(name)}: {_choice(name, before)} → {_choice(name, after)}."
        for name, (before, after) in sorted(changed.items(), key=lambda one: place(one[0]))
    ]


def _choice(setting: str, value: str) -> str:
    return _fact(choice_name(setting, value))


def _fact(value: Any) -> str:
    """A value as people say it."""
    match value:
        case None | "":
            return NONE
        case bool():
            return str(gettext("Yes") if value else gettext("No"))
        case int():
            return number(value)
        case list() | tuple():
            return ", ".join(map(_fact, value)) or NONE
    return str(value)
