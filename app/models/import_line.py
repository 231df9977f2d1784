"""The lines of an import: what each says of whom, what is wrong with it, and what came of it.

A line's words are read once and then forgotten: whoever it is about stands in two columns of their
own, as in the journal, so that a person can be forgotten in all of their lines alike.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Select, String, case, delete, func, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, Document, ShopId
from app.models.import_run import ImportRun
from app.models.person import names_any

CHUNK = 500


class Outcome(StrEnum):
    """What came of somebody's lines, or would; it stands on the first of them."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    """Nothing changes: it is here already."""
    DOUBLE = "double"
    """Says the same as a line before."""
    LEFT = "left"
    """Undone, but for points that were spent since."""
    UNDONE = "undone"


TOLD = (Outcome.NEW, Outcome.CHANGED, Outcome.DOUBLE, Outcome.LEFT, Outcome.UNDONE)


class ImportLine(Base):
    """One line of a file; `person` holds those together that are about the same one.

    `problem` is the code of what is wrong, with its facts in `body`; None for a good line.
    """

    __tablename__ = "import_line"
    __table_args__ = (
        Index("ix_import_line_person", "shop_id", "import_id", "person", "line"),
        Index("ix_import_line_customer", "shop_id", "customer_id"),
        Index("ix_import_line_email", "shop_id", "email_hash"),
        Index("ix_import_line_member", "shop_id", "member_id"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[str | None] = mapped_column(String(80))
    customer_id: Mapped[str | None] = mapped_column(String(64))
    email_hash: Mapped[str | None] = mapped_column(String(64))
    member_id: Mapped[UUID | None] = mapped_column(default=None)
    body: Mapped[Document]
    problem: Mapped[str | None] = mapped_column(String(30), default=None)
    outcome: Mapped[str | None] = mapped_column(String(20), default=None)
    """What came of it, or would."""
    before: Mapped[int] = mapped_column(default=0)
    """What the person had available, on the first of their lines."""
    change: Mapped[int] = mapped_column(default=0)
    """By how many points that changes, on the first of their lines."""


def add_lines(session: Session, rows: Sequence[Document]) -> None:
    """Note lines, in one statement."""
    session.execute(insert(ImportLine), list(rows))


def last_line(session: Session, run: ImportRun) -> int:
    """The last line that was noted; 0 before the first."""
    return session.scalar(_of(run, func.max(ImportLine.line))) or 0


def people_after(
    session: Session, run: ImportRun, place: str, limit: int
) -> list[list[ImportLine]]:
    """The good lines of the next people after one, those about the same one together."""
    good = ImportLine.problem.is_(None)
    people = _of(run, ImportLine.person).where(ImportLine.person > place, good)
    next_ones = people.group_by(ImportLine.person).order_by(ImportLine.person).limit(limit)
    found = list(session.scalars(next_ones))
    query = _of(run, ImportLine).where(ImportLine.person.in_(found), good)
    lines = session.scalars(query.order_by(ImportLine.person, ImportLine.line))
    return [list(together) for _, together in groupby(lines, key=lambda line: line.person)]


def count_people(session: Session, run: ImportRun) -> int:
    """How many people the good lines are about."""
    people = func.count(func.distinct(ImportLine.person))
    return session.scalar(_of(run, people).where(ImportLine.problem.is_(None))) or 0


def has_brought(session: Session, run: ImportRun) -> bool:
    """Whether it has brought something to anybody, and could be undone."""
    one = _of(run, ImportLine.line).where(ImportLine.member_id.is_not(None))
    return session.scalar(one.limit(1)) is not None


def outcomes_of(session: Session, run: ImportRun) -> dict[str, tuple[int, int]]:
    """How many lines came to what, and the points of them together; wrong ones as "problem"."""
    wrong = case((ImportLine.problem.is_(None), ""), else_="problem")
    what = func.coalesce(ImportLine.outcome, wrong)
    query = _of(run, what, func.count(), func.sum(ImportLine.change)).group_by(what)
    return {name: (int(count), int(points or 0)) for name, count, points in session.execute(query)}


def told_lines(
    session: Session, run: ImportRun, after: int, *, limit: int = CHUNK
) -> Sequence[ImportLine]:
    """The next lines of which there is something to tell, in their order, wrong ones too."""
    worth_telling = or_(ImportLine.problem.is_not(None), ImportLine.outcome.in_(TOLD))
    query = _of(run, ImportLine).where(ImportLine.line > after, worth_telling)
    return session.scalars(query.order_by(ImportLine.line).limit(limit)).all()


def drop_lines(session: Session, shop_id: ShopId, ids: Collection[UUID] | None = None) -> None:
    """Forget the lines of some imports; of all with None."""
    statement = delete(ImportLine).where(ImportLine.shop_id == shop_id)
    if ids is not None:
        statement = statement.where(ImportLine.import_id.in_(ids))
    session.execute(statement.execution_options(synchronize_session=False))


def drop_some_lines(session: Session, shop_id: ShopId, import_id: UUID, *, limit: int) -> int:
    """Forget the first so many lines of an import; returns how many there were.

    A million in one transaction would hold up whoever writes to SQLite for a quarter of a minute.
    """
    its = (ImportLine.shop_id == shop_id) & (ImportLine.import_id == import_id)
    first = select(ImportLine.line).where(its).order_by(ImportLine.line).limit(limit)
    lines = list(session.scalars(first))
    if lines:
        statement = delete(ImportLine).where(its, ImportLine.line <= lines[-1])
        session.execute(statement.execution_options(synchronize_session=False))
    return len(lines)


def forget_lines_of(
    session: Session, shop_id: ShopId, persons: Collection[str], member_ids: Collection[UUID]
) -> None:
    """Forget the lines about somebody, by ids and hashes."""
    its = ImportLine
    theirs = names_any(its.customer_id, its.email_hash, persons, member_id=its.member_id)
    theirs |= its.member_id.in_(member_ids)
    statement = delete(its).where(its.shop_id == shop_id, theirs)
    session.execute(statement.execution_options(synchronize_session=False))


def _of(run: ImportRun, *what: Any) -> Select[Any]:
    return select(*what).where(ImportLine.shop_id == run.shop_id, ImportLine.import_id == run.id)
