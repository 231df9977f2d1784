"""Members as the lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.domain.program import Program
from app.models.member import Member
from app.web.admin.formats import language, number


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list."""

    id: UUID
    name: str
    tier: str
    available: str
    pending: int
    owes: bool
    joined_at: datetime


def member_name(member: Member) -> str:
    """What we may call somebody of whom we know no name."""
    if member.customer_id is not None:
        return str(_("Customer %(id)s", id=member.customer_id))
    return str(_("Guest") if member.is_guest else _("Forgotten customer"))


def tier_name(program: Program | None, code: str | None) -> str:
    """A tier's name in this language; empty without one."""
    tier = program.tiers.named(code) if program is not None else None
    return tier.name.in_locale(language().language) if tier is not None else code or ""


def member_rows(members: Iterable[Member], program: Program | None) -> list[MemberRow]:
    """Members in the words of a list."""
    return [
        MemberRow(
            id=member.id,
            name=member_name(member),
            tier=tier_name(program, member.tier),
            available=number(member.available),
            pending=member.pending,
            owes=member.available < 0,
            joined_at=member.joined_at,
        )
        for member in members
    ]
