"""What an import says of people: what would come of it, and how it is journaled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.imports.entries import Entry, Step, given_by, left_of, possible, steps_to
from app.domain.ledger import Transfer
from app.models.base import Document, ShopId
from app.models.fact import FactKind, FactRow, Noted, journal_all
from app.models.member import Member


@dataclass(frozen=True, slots=True)
class Source:
    """Which import it is, and from which program."""

    import_id: UUID
    label: str
    is_history: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a table says of one person; `line` is the first that is about them."""

    line: int
    customer_id: str | None
    email_hash: str | None
    entries: tuple[Entry, ...] = ()
    tier: str | None = None
    tier_until: datetime | None = None
    joined_at: datetime | None = None
    birthday: str | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be posted for somebody; `refused` when their history would end below zero."""

    steps: tuple[Step, ...]
    before: int
    change: int
    refused: bool


def foreseen(
    source: Source,
    person: Person,
    member: Member | None,
    ledger: Sequence[Transfer],
    *,
    at: datetime,
) -> Foreseen:
    """What a table would change for somebody, by their ledger; nothing is written."""
    given = given_by(ledger, source.label)
    steps = steps_to(given, person.entries, is_history=source.is_history)
    if not source.is_history:
        steps = possible(steps, given, left_of(ledger, source.label), at=at)
    before = member.available if member is not None else 0
    change = sum(step.change for step in steps)
    if source.is_history and steps and before + change < 0:
        return Foreseen((), before, 0, refused=True)
    return Foreseen(tuple(steps), before, change, refused=False)


def journal_people(
    session: Session, shop_id: ShopId, source: Source, people: Sequence[Person], *, at: datetime
) -> None:
    """Journal what an import brought to people, a fact for each."""
    facts = [
        Noted(FactKind.IMPORTED, at, _fact(source, one), one.customer_id, one.email_hash)
        for one in people
    ]
    journal_all(session, shop_id, facts)


def _fact(source: Source, person: Person) -> Document:
    entries = [
        [one.mark, one.points, _written(one.happened_at), _written(one.expires_at)]
        for one in person.entries
    ]
    return {
        "import": source.import_id.hex,
        "label": source.label,
        "is_history": source.is_history,
        "line": person.line,
        "entries": entries,
        "tier": person.tier,
        "until": _written(person.tier_until),
        "joined_at": _written(person.joined_at),
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment is not None else None


def told_by(fact: FactRow) -> tuple[Source, Person]:
    """What an import said of somebody, by its fact."""
    body = fact.body
    source = Source(UUID(body["import"]), body["label"], body["is_history"])
    entries = tuple(
        Entry(mark, points, _read(happened_at), _read(expires_at))
        for mark, points, happened_at, expires_at in body["entries"]
    )
    person = Person(
        line=body["line"],
        customer_id=fact.customer_id,
        email_hash=fact.email_hash,
        entries=entries,
        tier=body["tier"],
        tier_until=_read(body["until"]),
        joined_at=_read(body["joined_at"]),
    )
    return source, person
