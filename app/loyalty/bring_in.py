"""Bring in what somebody had in another program: points with their lots, a tier, a history.

What a program has brought to a member is one position (see `domain/imports/entries`): what is
posted is the difference to what it has brought already. So the same table twice gives once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.imports.entries import Step, key_of
from app.domain.ledger import Account, Reason, Transfer
from app.domain.settlement import expires_at
from app.loyalty.expire import expire_over
from app.loyalty.imported import Person, Source, foreseen, journal_people
from app.loyalty.imported_tier import Floors, hold_tier
from app.loyalty.measure import measure, rank_all, rank_by_balance
from app.loyalty.post import written_at_once
from app.loyalty.settle import Fact, OrderDue, settle
from app.loyalty.take_over import take_over_guests
from app.models.member import Member, ids_by_customer, ids_by_email
from app.models.newcomer import add_members
from app.models.order import orders_of_guests
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import ledgers_of

WAIT = timedelta(days=5 * 365)
"""How long points wait for somebody of whom the platform has not told us yet."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it: who they are here, what they had, and by how many points that changed.

    `refused` when their history would end below zero: nothing of it was taken in. `floors` are the
    one that an imported tier has set, and the one that it took the place of; None where none has.
    """

    member_id: UUID
    is_new: bool
    before: int
    change: int
    refused: bool = False
    floors: Floors | None = None


def bring_in(
    session: Session, shop: Shop, source: Source, people: Sequence[Person], *, at: datetime
) -> list[Came]:
    """Take in what a table says of some people; what came of each, in their order.

    Whoever is new becomes a member, without points for joining: they joined elsewhere, long ago.
    Who is known by an e-mail address alone becomes a guest, whose points wait for them.
    """
    known = who_they_are(session, shop, people)
    new = [one for one in people if one.line not in known]
    programs = Programs(session, shop.id)
    _welcome(session, shop, new, programs, at=at)
    whose = known | who_they_are(session, shop, new)
    members = expire_over(session, shop, set(whose.values()), at=at)
    ledgers = ledgers_of(session, shop.id, members)
    number = programs.number_at(at)
    program = programs.revision(number)
    expiry = expires_at(program.expiry, at, shop.zone)
    came: list[Came] = []
    with written_at_once(session) as posting:
        for person in people:
            member = members[whose[person.line]]
            one = foreseen(source, person, member, ledgers[member.id], at=at)
            before = member.available
            moved = [_transfer(step, source, person, (number, expiry), at=at) for step in one.steps]
            posting.add(member, moved)
            ledgers[member.id] += moved
            member.active_at = at if one.steps else member.active_at
            change, is_new = member.available - before, person.line not in known
            came.append(Came(member.id, is_new, before, change, one.refused))
    held = _know(session, shop, source, list(zip(people, came, strict=True)), programs, at=at)
    changed = [one for one in people if one.line in held]
    journal_people(session, shop.id, source, changed, at=at)
    return [
        replace(one, floors=held.get(person.line)) for person, one in zip(people, came, strict=True)
    ]


def who_they_are(session: Session, shop: Shop, people: Sequence[Person]) -> dict[int, UUID]:
    """Who of these people are members, by their lines: by the platform's id, else by the hash."""
    customers = {one.customer_id for one in people if one.customer_id is not None}
    hashes = {one.email_hash for one in people if one.customer_id is None and one.email_hash}
    by_id = ids_by_customer(session, shop.id, customers) if customers else {}
    by_hash = ids_by_email(session, shop.id, hashes) if hashes else {}
    found = {
        one.line: by_hash.get(one.email_hash or "")
        if one.customer_id is None
        else by_id.get(one.customer_id)
        for one in people
    }
    return {line: member_id for line, member_id in found.items() if member_id is not None}


def _welcome(
    session: Session, shop: Shop, new: Sequence[Person], programs: Programs, *, at: datetime
) -> None:
    """Make members of customers and guests of who is not one yet, with what they had as guests."""
    customers = {one.customer_id: one.email_hash for one in new if one.customer_id is not None}
    guests = {one.email_hash for one in new if one.customer_id is None and one.email_hash}
    wanted: list[tuple[str | None, str | None, datetime | None]] = [
        *((customer_id, hashed, None) for customer_id, hashed in sorted(customers.items())),
        *((None, hashed, at + WAIT) for hashed in sorted(guests)),
    ]
    if not wanted:
        return
    add_members(session, shop.id, wanted, at=at)
    take_over_guests(session, shop, customers, programs, at=at)
    hashes = {hashed for hashed in customers.values() if hashed is not None}
    released = orders_of_guests(session, shop.id, hashes) if hashes else []
    settle(session, shop, [Fact(OrderDue(order_id), at) for order_id in released])


def _transfer(
    step: Step,
    source: Source,
    person: Person,
    by_program: tuple[int, datetime | None],
    *,
    at: datetime,
) -> Transfer:
    """A step as it is posted."""
    entry, (revision, expiry) = step.entry, by_program
    points = step.change
    sides = (Account.ADJUSTED, Account.AVAILABLE)
    from_account, into = sides if points > 0 else sides[::-1]
    return Transfer(
        key=key_of(source.import_id.hex, person.line, entry.mark),
        source=from_account,
        target=into,
        points=abs(points),
        occurred_at=entry.happened_at or at if source.is_history else at,
        reason=Reason.IMPORT,
        revision=revision,
        # What is taken back names its lot's day, so that undoing can bring that lot back.
        expires_at=(entry.expires_at or expiry) if points > 0 else entry.expires_at,
        note=source.label,
    )


def _know(
    session: Session,
    shop: Shop,
    source: Source,
    came: Sequence[tuple[Person, Came]],
    programs: Programs,
    *,
    at: datetime,
) -> dict[int, Floors | None]:
    """Note what else a table says of people; the lines of whom anything has changed.

    A line's value are the floors after and before an imported tier; None where that set none.
    """
    tiers, held = programs.at(at).tiers, dict[int, Floors | None]()
    members = {one.member_id: session.get_one(Member, (shop.id, one.member_id)) for _, one in came}
    for person, one in came:
        member = members[one.member_id]
        if one.is_new and person.joined_at is not None:
            member.joined_at = min(person.joined_at, member.joined_at)
        if person.birthday is not None and member.birthday is None:
            member.birthday, member.birthday_entered_at = person.birthday, at
        if one.change or one.is_new or person.entries:
            held[person.line] = None
        if person.tier is not None and not one.refused:
            wanted = (person.tier, person.tier_until)
            floors = hold_tier(member, wanted, source.label, tiers, shop.zone, at=at)
            if floors is not None:
                held[person.line] = floors
    ranked = [members[one.member_id] for person, one in came if person.tier or one.is_new]
    measured = measure(session, shop.id, [one.id for one in ranked], programs, (at, at))
    rank_all(session, ranked, measured, tiers, at=at)
    for _, one in came:
        if one.change:
            rank_by_balance(session, members[one.member_id], programs, at=at)
    return held
