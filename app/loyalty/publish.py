"""Publish a program: a new revision that is in force from an instant on.

`publish` takes the place of what is planned for later; `revise`, `plan` and `amend` leave it its
day.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import InvalidProgram, StaleProgram, UnknownRevision
from app.domain.plans import plan_after, plans_after
from app.domain.program import Program
from app.domain.sentence import Sentence as _
from app.loyalty.refill import queue_refills
from app.models.fact import FactKind, journal
from app.models.member import look_again_at_tiers
from app.models.program import Programs, add_revision, latest_number, program_in_force
from app.models.program_document import program_document
from app.models.shop import Shop


def publish(
    session: Session,
    shop: Shop,
    program: Program,
    *,
    author: str,
    based_on: int | None = None,
    effective_at: datetime | None = None,
    at: datetime,
) -> int:
    """Make a program the newest revision and return its number; an equal one stays as it is.

    `based_on` is the revision that the author saw. Raises StaleProgram when somebody has published
    since, and InvalidProgram for a program in other money than the shop's.
    """
    # Of two who publish at once, the second one sees what the first has published.
    session.refresh(shop, with_for_update=True)
    latest = latest_number(session, shop.id)
    effective_at = effective_at or at
    _check_seen(based_on, latest)
    check_currency(shop, program)
    if latest and _counts_already(session, shop, latest, program, effective_at):
        return latest
    if latest and Programs(session, shop.id).at(max(effective_at, at)).tiers != program.tiers:
        # Whoever the new ladder moves is moved when it counts, not at their next order.
        look_again_at_tiers(session, shop.id, at=effective_at)
    number = add_revision(
        session, shop.id, program, author=author, effective_at=effective_at, at=at
    )
    fact = {
        "number": number,
        "document": program_document(program),
        "author": author,
        "effective_at": effective_at.isoformat(),
    }
    journal(session, shop.id, FactKind.PROGRAM, fact, at=at)
    # Codes that are made ahead change with the reward; what counts later, the worker sees in time.
    queue_refills(session, shop, at=at)
    return number


def check_currency(shop: Shop, program: Program) -> None:
    """Raise InvalidProgram for a program in other money than the shop's."""
    if shop.currency and program.currency != shop.currency:
        said = _("The shop's money is {currency}; the program is in {other}.")
        raise InvalidProgram(said.format(currency=shop.currency, other=program.currency))


def _check_seen(based_on: int | None, latest: int) -> None:
    if based_on is not None and based_on != latest:
        told = _("Revision {latest} was published while you were editing revision {before}.")
        raise StaleProgram(told.format(latest=latest, before=based_on))


def _counts_already(
    session: Session, shop: Shop, latest: int, program: Program, effective_at: datetime
) -> bool:
    """Whether the newest revision says the same, and does so by then."""
    programs = Programs(session, shop.id)
    return programs.revision(latest) == program and programs.number_at(effective_at) == latest


def amend(
    session: Session,
    shop: Shop,
    change: Callable[[Program], Program],
    *,
    author: str,
    effective_at: datetime | None = None,
    at: datetime,
) -> int:
    """Publish the program in force with a change, and what is scheduled with it, each for its day.

    The newest revision in force counts, so what is scheduled is published again behind it. Returns
    the revision in force; a change that has been made already makes none. Raises NoProgramYet
    while the shop is being connected.
    """

    def each(programs: list[Program]) -> list[Program]:
        return [change(program) for program in programs]

    return _amend_all(session, shop, each, author=author, effective_at=effective_at, at=at)


def _amend_all(
    session: Session,
    shop: Shop,
    change: Callable[[list[Program]], list[Program]],
    *,
    author: str,
    effective_at: datetime | None = None,
    at: datetime,
) -> int:
    """As `amend`, with a change to the program in force and all that is scheduled, in order.

    From a day to come on, that is the program which will be in force then, and what is behind it.
    """
    # As in `publish`: over what is read from here on, nobody else publishes.
    session.refresh(shop, with_for_update=True)
    begins = effective_at or at
    first = program_in_force(session, shop.id, at=max(begins, at))[0]
    programs = Programs(session, shop.id)
    planned = [(begins, first), *programs.scheduled(max(begins, at))]
    before = [programs.revision(number) for _day, number in planned]
    after = change(before)
    if after == before and programs.number_at(begins) == first:
        return first
    numbers = [
        publish(session, shop, program, author=author, effective_at=day, at=at)
        for (day, _number), program in zip(planned, after, strict=True)
    ]
    return numbers[0]


def revise(
    session: Session,
    shop: Shop,
    program: Program,
    *,
    author: str,
    based_on: int | None = None,
    at: datetime,
) -> int:
    """Have a program count from now on; what is planned keeps its day, and its own changes.

    `based_on` is the revision in force that the author saw; returns the one in force by now. Raises
    StaleProgram when it is another one meanwhile, also because its day has come, and what `publish`
    and `plans_after` raise.
    """
    if not latest_number(session, shop.id):
        return publish(session, shop, program, author=author, based_on=based_on, at=at)
    # As in `publish`: over what is read from here on, nobody else publishes.
    session.refresh(shop, with_for_update=True)
    _check_seen(based_on, program_in_force(session, shop.id, at=at)[0])

    def changed(programs: list[Program]) -> list[Program]:
        with _fitting_plans():
            return plans_after(programs, program)

    return _amend_all(session, shop, changed, author=author, at=at)


def plan(
    session: Session,
    shop: Shop,
    program: Program,
    *,
    author: str,
    based_on: int | None = None,
    effective_at: datetime,
    at: datetime,
) -> int:
    """Have a program count from a day to come; other plans keep their days and their changes.

    It means its difference from the program in force, so what is planned for that day or before is
    in it, too, but for what it changes itself. Returns the revision in force from that day on;
    raises what `revise` does.
    """
    # As in `publish`: over what is read from here on, nobody else publishes.
    session.refresh(shop, with_for_update=True)
    number, in_force = program_in_force(session, shop.id, at=at)
    _check_seen(based_on, number)

    def changed(programs: list[Program]) -> list[Program]:
        with _fitting_plans():
            return plans_after(programs, plan_after(program, in_force, programs[0]))

    return _amend_all(session, shop, changed, author=author, effective_at=effective_at, at=at)


@contextmanager
def _fitting_plans() -> Iterator[None]:
    """Tell the way out to whoever makes a change that what is planned does not fit."""
    try:
        yield
    except InvalidProgram as error:
        told = _("What is planned would not fit this program. Cancel the planned change first.")
        raise InvalidProgram(*error.mistakes, told) from error


def cancel_planned(
    session: Session, shop: Shop, *, author: str, based_on: int | None = None, at: datetime
) -> list[int]:
    """Have the program in force go on beyond the days for which others are planned.

    Returns the revisions that were planned, the next one first; there may be none any more. Raises
    StaleProgram when another than `based_on` is the newest one by now, and NoProgramYet.
    """
    session.refresh(shop, with_for_update=True)
    _number, in_force = program_in_force(session, shop.id, at=at)
    planned = [number for _day, number in Programs(session, shop.id).scheduled(at)]
    if planned:
        publish(session, shop, in_force, author=author, based_on=based_on, at=at)
    return planned


def roll_back(session: Session, shop: Shop, number: int, *, author: str, at: datetime) -> int:
    """Have what an earlier revision says count from now on; returns the revision in force.

    What is planned stays so. Raises UnknownRevision for a number that the shop has not had.
    """
    latest = latest_number(session, shop.id)
    if not 1 <= number <= latest:
        told = _("The shop has revisions 1 to {latest}, not {number}.")
        raise UnknownRevision(told.format(latest=latest, number=number))
    earlier = Programs(session, shop.id).revision(number)
    return revise(session, shop, earlier, author=author, at=at)
