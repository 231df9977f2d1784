"""What the lines of an import come to for the people they are about: foreseen, done, and undone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.imports.entries import entries_of, lot_mark
from app.domain.imports.lines import Told
from app.domain.sentence import Sentence as _
from app.loyalty.bring_in import bring_in, who_they_are
from app.loyalty.imported import Foreseen, Person, Source, foreseen
from app.loyalty.withdraw import Brought, floor_from, floor_written, withdraw
from app.models.base import Document
from app.models.departed import Departed, departures, mark_of
from app.models.import_line import ImportLine, Outcome
from app.models.import_run import ImportRun
from app.models.member import Member
from app.models.shop import Shop
from app.models.transfer import ledgers_of

People = Sequence[Sequence[ImportLine]]
"""Lines, those about the same person together."""

MOMENTS = ("expires_at", "happened_at", "tier_until", "joined_at")
DIFFERS = _("Lines {first} and {line} say different things of the same person.")
FORGOTTEN = _("This person asked to be forgotten, and is not brought back by an import.")
MERGED = _("This customer has become another one, and is not looked for under the old id.")
BELOW_ZERO = _("This history would end below zero: more went than came.")
TAKEN_BACK = (Outcome.UNDONE, Outcome.LEFT)
OVER = _("These points have expired already.")


def body_of(told: Told) -> Document:
    """What a line says, but for the names in it, as it is stored."""
    facts = {name: getattr(told, name) for name in _FACTS}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in facts.items()
        if value not in (None, "")
    }


_FACTS = ("points", "change", "reason", "tier", "birthday", *MOMENTS)


def wrong_body(sentence: str, **place: Any) -> Document:
    """What is wrong with a line, as it is stored, so that it can be said in any language."""
    pattern = getattr(sentence, "pattern", sentence)
    return {"pattern": pattern, "facts": dict(getattr(sentence, "facts", {})), **place}


def compare_people(
    session: Session, shop: Shop, run: ImportRun, people: People, *, at: datetime
) -> None:
    """Note what an import would change for people, and whom it cannot take in, and why."""
    _hold_back(session, shop, people, at=at)
    source, found = _source(run), _people(people)
    whose = who_they_are(session, shop, [person for _, person in found])
    ledgers = ledgers_of(session, shop.id, set(whose.values()))
    members = {key: session.get_one(Member, (shop.id, key)) for key in ledgers}
    for lines, person in found:
        key = whose.get(person.line)
        member = members[key] if key is not None else None
        one = foreseen(source, person, member, ledgers[key] if key is not None else [], at=at)
        _note(lines, one, is_new=member is None)


def bring_people(
    session: Session, shop: Shop, run: ImportRun, people: People, *, at: datetime
) -> None:
    """Take people in, and note what came of it."""
    # Somebody may have been forgotten or merged since the merchant looked at the differences.
    _hold_back(session, shop, people, at=at)
    found = _people(people)
    came = bring_in(session, shop, _source(run), [person for _, person in found], at=at)
    for (lines, _person), one in zip(found, came, strict=True):
        _note(lines, Foreseen((), one.before, one.change, one.refused), is_new=one.is_new)
        for line in lines:
            line.member_id = one.member_id
        if one.floors is not None:
            floors = [floor_written(floor) for floor in one.floors]
            lines[0].body = lines[0].body | {"floors": floors}


def withdraw_people(
    session: Session, shop: Shop, run: ImportRun, people: People, *, at: datetime
) -> None:
    """Take back what an import brought, and note what came of it."""
    there = [lines[0] for lines in people if lines[0].outcome not in TAKEN_BACK]
    brought = [(line, _brought(line)) for line in there if line.member_id is not None]
    done = withdraw(session, shop, run.id, [one for _, one in brought], at=at)
    for (line, _one), came in zip(brought, done, strict=True):
        line.outcome = Outcome.LEFT if came.left else Outcome.UNDONE
        line.change = came.change
        line.body = line.body | {"left": came.left}


def _brought(line: ImportLine) -> Brought:
    assert line.member_id is not None, "Only what came can go."
    floors = [floor_from(one) for one in line.body.get("floors", (None, None))]
    return Brought(line.line, line.member_id, *floors)


def _source(run: ImportRun) -> Source:
    return Source(run.id, run.label, "change" in run.reading["fields"])


def _people(people: People) -> list[tuple[Sequence[ImportLine], Person]]:
    """The people of whom good lines are left, with what these say."""
    good = [[line for line in lines if line.problem is None] for lines in people]
    return [(lines, _person(lines)) for lines in good if lines]


def _person(lines: Sequence[ImportLine]) -> Person:
    told = [_told(line) for line in lines]
    first: dict[str, Any] = {}
    for name in ("tier", "tier_until", "joined_at", "birthday"):
        first[name] = next((value for one in told if (value := getattr(one, name))), None)
    return Person(
        line=lines[0].line,
        customer_id=lines[0].customer_id,
        email_hash=lines[0].email_hash,
        entries=entries_of(told),
        **first,
    )


def _told(line: ImportLine) -> Told:
    facts = {name: line.body[name] for name in _FACTS if name in line.body}
    moments = {name: datetime.fromisoformat(facts[name]) for name in MOMENTS if name in facts}
    return Told(**facts | moments)


def _note(lines: Sequence[ImportLine], one: Foreseen, *, is_new: bool) -> None:
    if one.refused:
        _refuse(lines, BELOW_ZERO)
        return
    outcome = Outcome.NEW if is_new else Outcome.CHANGED if one.change else Outcome.SAME
    lines[0].outcome, lines[0].before, lines[0].change = outcome, one.before, one.change
    seen = {_said(lines[0])}
    for line in lines[1:]:
        line.outcome = Outcome.DOUBLE if _said(line) in seen else None
        seen.add(_said(line))


def _said(line: ImportLine) -> str:
    return str(sorted(line.body.items()))


def _hold_back(session: Session, shop: Shop, people: People, *, at: datetime) -> None:
    """Refuse people whose lines contradict each other, or who are not here any more."""
    marks = {mark for lines in people for mark in _marks(lines[0])}
    gone = departures(session, shop.id, marks)
    for lines in people:
        departed = [gone[mark] for mark in _marks(lines[0]) if mark in gone]
        if departed:
            _refuse(lines, _why_gone(departed))
        elif (second := _contradiction(lines)) is not None:
            _refuse(lines, DIFFERS.format(first=lines[0].line, line=second.line))
        else:
            for line in lines:
                told = _told(line)
                if told.points and told.expires_at is not None and told.expires_at <= at:
                    _refuse([line], OVER)


def _marks(line: ImportLine) -> list[str]:
    named = [mark_of(line.customer_id)] if line.customer_id is not None else []
    return named + ([line.email_hash] if line.email_hash is not None else [])


def _why_gone(departed: Sequence[Departed]) -> str:
    return MERGED if any(one.kept_id is not None for one in departed) else FORGOTTEN


def _contradiction(lines: Sequence[ImportLine]) -> ImportLine | None:
    """The first line that says another balance, or another tier, than one before it."""
    said: dict[str, object] = {}
    for line in lines:
        told = _told(line)
        facts = {"tier": told.tier, lot_mark(told): told.points}
        for name, value in facts.items():
            if value is not None and said.setdefault(name, value) != value:
                return line
    return None


def _refuse(lines: Sequence[ImportLine], sentence: str) -> None:
    for line in lines:
        line.problem = "refused"
        line.body = line.body | wrong_body(sentence)
