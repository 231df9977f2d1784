"""The audit log in words: what somebody did, from what to what, and where to look at it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.domain.changes import Change, changes
from app.domain.text import Text
from app.models.adjustment_note import notes_of
from app.models.audit_entry import AuditEntry, AuditKind
from app.models.member import Member
from app.models.program import Programs
from app.models.shop import Shop
from app.web.admin.asking import author_name
from app.web.admin.formats import language, money, number, signed
from app.web.admin.member_rows import member_name

MOST_CHANGES = 12
"""Of a revision that changed more, the first ones are told, and how many others there are."""

NONE = "–"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry as people read it; `details` are single settings, from what to what."""

    id: UUID
    at: datetime
    who: str
    what: str
    link: str
    details: tuple[tuple[str, str, str], ...]
    more: int

    @property
    def told(self) -> str:
        """The details in one line, for a file."""
        told = [
            f"{name}: {before} → {after}" if before else f"{name}: {after}"
            for name, before, after in self.details
        ]
        return "; ".join(told)


_WORDS = {
    AuditKind.PUBLISHED: _("Published the program: revision %(before)s → %(after)s"),
    AuditKind.ROLLED_BACK: _("Went back to an earlier revision: %(before)s → %(after)s"),
    AuditKind.WENT_LIVE: _("Went live: preview → live"),
    AuditKind.PAST_EARN: _("Let orders since %(subject)s earn points"),
    AuditKind.PAUSED: _("Paused the program: live → paused"),
    AuditKind.RESUMED: _("Resumed the program: paused → live"),
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
}


def audit_rows(session: Session, shop: Shop, entries: Sequence[AuditEntry]) -> list[AuditRow]:
    """Entries in words."""
    ids = {entry.member_id for entry in entries if entry.member_id is not None}
    members = {one: found for one in ids if (found := session.get(Member, (shop.id, one)))}
    programs = Programs(session, shop.id)
    return [_row(session, entry, members, programs) for entry in entries]


def _row(
    session: Session, entry: AuditEntry, members: dict[UUID, Member], programs: Programs
) -> AuditRow:
    kind = AuditKind(entry.kind)
    member = members.get(entry.member_id) if entry.member_id is not None else None
    facts = defaultdict(lambda: NONE, {name: _fact(value) for name, value in entry.body.items()})
    facts["member"] = member_name(member) if member is not None else NONE
    if kind is AuditKind.ADJUSTED:
        facts["change"] = signed(entry.body["points"])
    details = _details(session, kind, entry, programs)
    return AuditRow(
        id=entry.id,
        at=entry.at,
        who=author_name(entry.author),
        what=str(_WORDS[kind]) % facts,
        link=_link(entry, member),
        details=tuple(details[:MOST_CHANGES]),
        more=max(0, len(details) - MOST_CHANGES),
    )


def _link(entry: AuditEntry, member: Member | None) -> str:
    """Where one can look at what was changed; empty where there is no page of it."""
    if member is not None:
        return url_for("admin.member", member_id=member.id)
    revision = entry.body.get("after") if entry.kind in _OF_PROGRAM else None
    return url_for("admin.revision", number=revision) if revision else ""


_OF_PROGRAM = (
    AuditKind.PUBLISHED,
    AuditKind.ROLLED_BACK,
    AuditKind.WENT_LIVE,
    AuditKind.PAUSED,
    AuditKind.RESUMED,
)


def _details(
    session: Session, kind: AuditKind, entry: AuditEntry, programs: Programs
) -> list[tuple[str, str, str]]:
    """Single settings, each from what to what; of an adjustment the reason, if it is kept."""
    body = entry.body
    if kind in (AuditKind.PUBLISHED, AuditKind.ROLLED_BACK):
        return _of_program(programs, body["before"], body["after"])
    if kind is AuditKind.ADJUSTED and entry.member_id is not None:
        note = notes_of(session, entry.shop_id, entry.member_id).get(f"adjust:{body['key']}")
        return [(gettext("Reason"), "", note)] if note else []
    changed = body.get("changes", {})
    return [(name, _fact(before), _fact(after)) for name, (before, after) in changed.items()]


def _of_program(programs: Programs, before: int, after: int) -> list[tuple[str, str, str]]:
    new = programs.revision(after)
    if not before:
        return []
    found = changes(programs.revision(before), new)
    return [
        (
            change.place,
            _value(change, change.before, new.currency),
            _value(change, change.after, new.currency),
        )
        for change in found
    ]


def _value(change: Change, value: Any, currency: str) -> str:
    """One side of a difference; a part that came or went goes by its name."""
    if change.is_part and value is not None:
        return _fact(getattr(value, "name", value.code))
    if change.place.endswith("_minor") and isinstance(value, int):
        return money(value, currency)
    return _fact(value)


def _fact(value: Any) -> str:
    """A value as people say it."""
    match value:
        case None | "":
            return NONE
        case bool():
            return str(gettext("Yes") if value else gettext("No"))
        case int():
            return number(value)
        case Text():
            return value.in_locale(language().language)
        case list() | tuple():
            return ", ".join(map(_fact, value)) or NONE
    return str(value)
