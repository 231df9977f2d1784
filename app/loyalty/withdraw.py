"""Withdraw an import: take back from people exactly what it gave, by transfers of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.imports.entries import key_of
from app.loyalty.expire import expire_over
from app.loyalty.imported_tier import Floor
from app.loyalty.measure import measure, rank_all
from app.loyalty.post import written_at_once
from app.loyalty.take_back import Given, given_under, take_back
from app.models.base import Document, ShopId
from app.models.fact import FactKind, journal
from app.models.member import Member
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import ledgers_of

UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Brought:
    """To whom a line brought something; the floors that its tier set, and took the place of."""

    line: int
    member_id: UUID
    floor: Floor | None = None
    floor_before: Floor | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """By how many points the balance changed, and how many could not be taken back any more."""

    change: int
    left: int


def withdraw(
    session: Session, shop: Shop, import_id: UUID, people: Sequence[Brought], *, at: datetime
) -> list[Withdrawn]:
    """Take an import back from these people; what came of each, in their order. Twice is once.

    What was spent or has expired since stays gone: nobody is put into debt by an undo. A floor is
    lifted only when it is still the one that the import set.
    """
    holders = _holders(session, shop.id, [one.member_id for one in people])
    members = expire_over(session, shop, set(holders.values()), at=at)
    ledgers = ledgers_of(session, shop.id, {*holders, *holders.values()})
    done: list[Withdrawn] = []
    with written_at_once(session) as posting:
        for one in people:
            member = members[holders[one.member_id]]
            begins = key_of(import_id.hex, one.line, "")
            whose = {one.member_id: None, member.id: None}
            given = given_under((row for key in whose for row in ledgers[key]), begins)
            changes = take_back(posting, member, given, UNDONE, at=at)
            _lift(member, one)
            done.append(_outcome(given, changes))
    tiers, programs = Programs(session, shop.id).at(at).tiers, Programs(session, shop.id)
    measured = measure(session, shop.id, members, programs, (at, at))
    rank_all(session, members.values(), measured, tiers, at=at)
    fact = {"import": import_id.hex, "people": [_written(one) for one in people]}
    journal(session, shop.id, FactKind.WITHDRAWN, fact, at=at)
    return done


def _holders(session: Session, shop_id: ShopId, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Who holds what these members had: they themselves, or whom they have become."""
    query = select(Member.id, Member.merged_into).where(
        Member.shop_id == shop_id, Member.id.in_(ids)
    )
    return {member_id: kept or member_id for member_id, kept in session.execute(query)}


def _outcome(given: Sequence[Given], changes: Sequence[tuple[Given, int]]) -> Withdrawn:
    change = sum(points for _, points in changes)
    return Withdrawn(change, sum(one.points for one in given) + change)


def _lift(member: Member, one: Brought) -> None:
    if one.floor is None or (member.floor_tier, member.floor_until) != one.floor:
        return
    before = one.floor_before or (None, None)
    member.floor_tier, member.floor_until = before
    member.floor_reason = None


def _written(one: Brought) -> list[object]:
    floors = (floor_written(one.floor), floor_written(one.floor_before))
    return [one.line, str(one.member_id), *floors]


def people_from(body: Document) -> list[Brought]:
    """Whom a fact says that an import was taken back from."""
    return [
        Brought(line, UUID(member_id), floor_from(floor), floor_from(before))
        for line, member_id, floor, before in body["people"]
    ]


def floor_written(floor: Floor | None) -> list[str | None] | None:
    """A floor as it is written."""
    return [floor[0], floor[1].isoformat() if floor[1] else None] if floor is not None else None


def floor_from(written: list[str | None] | None) -> Floor | None:
    """A floor from how it is written."""
    if written is None:
        return None
    tier, until = written
    return tier, datetime.fromisoformat(until) if until else None
