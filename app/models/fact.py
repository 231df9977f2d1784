"""The journal: the facts from which a shop's books follow, in the order in which they counted.

A fact is written in the transaction of what it causes, when the rows it concerns are locked
already: so of two facts about the same order or member, the one that counted first has the smaller
number. Who it is about stands in two columns of their own, so that a person can be forgotten in all
of their facts alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from sqlalchemy import ColumnElement, Index, String, func, select, text, tuple_
from sqlalchemy import Sequence as Numbers
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from app.models.base import ID, Base, Document, ShopId
from app.models.queue import ALL_SHOPS
from app.models.replaying import is_replay
from app.models.rows import insert_rows

PAGE = 500
"""Facts that are read at once."""
GONE = "~"
"""How a name begins that was taken out of the journal."""


class FactKind(StrEnum):
    """What happened."""

    SHOP = "shop"
    """The shop told its name, money and clock."""
    SHOP_ERASED = "shop erased"
    PROGRAM = "program"
    WIPED = "wiped"
    """Going live took back what preview orders had earned."""
    PRODUCT = "product"

    MEMBER = "member"
    """Whoever comes under a name next gets this id."""
    JOINED = "joined"
    MERGED = "merged"
    ERASED = "erased"

    ORDER = "order"
    """A version of an order, as it was kept."""
    REFUND = "refund"
    """A refund of an order that is not known yet."""
    DELETED = "deleted"
    DUE = "due"
    """An order was heard of again; nothing was new but the time."""

    ENTRY = "entry"
    """What is given next for reaching a tier is this redemption."""
    REDEEMED = "redeemed"
    CANCELED = "canceled"
    GIVEN_AGAIN = "given again"
    """What a tier promised and the platform had refused was given after all."""
    FULFILLED = "fulfilled"
    READY = "ready"
    GIVEN = "given"
    REFUSED = "refused"
    IN_DOUBT = "in doubt"
    DEAD = "dead"
    USED = "used"

    ACTED = "acted"
    ADJUSTED = "adjusted"
    FLOOR = "floor"

    IMPORTED = "imported"
    WITHDRAWN = "withdrawn"
    """An import was undone for these people."""

    MATURED = "matured"
    EXPIRED = "expired"
    CODES_OVER = "codes over"
    CODES_LOST = "codes lost"
    """Their pool was deleted on the platform; they are made anew."""
    RETIERED = "retiered"
    FORGOTTEN = "forgotten"
    """Guests who did not join in time."""


class FactRow(Base):
    """One fact. Those that counted together share a number, and each has its place among them."""

    __tablename__ = "fact"
    __table_args__ = (
        Index(
            "ix_fact_customer",
            "shop_id",
            "customer_id",
            sqlite_where=text("customer_id IS NOT NULL"),
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index(
            "ix_fact_email",
            "shop_id",
            "email_hash",
            sqlite_where=text("email_hash IS NOT NULL"),
            postgresql_where=text("email_hash IS NOT NULL"),
        ),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))
    customer_id: Mapped[str | None] = mapped_column(String(64), default=None)
    email_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    body: Mapped[Document]

    @property
    def names_gone(self) -> int:
        """How many of its names were taken out of the journal."""
        return sum(str(name).startswith(GONE) for name in (self.customer_id, self.email_hash))


NUMBERS = Numbers("fact_number", metadata=Base.metadata)
"""Counts facts up on PostgreSQL, where writers do not wait for each other."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact that is about to be written."""

    kind: FactKind
    at: datetime
    body: Document = field(default_factory=dict)
    customer_id: str | None = None
    email_hash: str | None = None


def journal(
    session: Session, shop_id: ShopId, kind: FactKind, body: Document, *, at: datetime
) -> None:
    """Write one fact that names nobody but by ids of ours."""
    journal_all(session, shop_id, [Noted(kind, at, body)])


def journal_all(session: Session, shop_id: ShopId, facts: Sequence[Noted]) -> None:
    """Write facts that counted together, in one statement."""
    if not facts or is_replay(session):
        return
    number = _next_number(session, shop_id)
    rows = [
        {
            "shop_id": shop_id,
            "number": number,
            "place": place,
            "at": fact.at,
            "kind": fact.kind.value,
            "customer_id": fact.customer_id,
            "email_hash": fact.email_hash,
            "body": fact.body,
        }
        for place, fact in enumerate(facts)
    ]
    insert_rows(session, FactRow, rows)


_table = Base.metadata.tables[FactRow.__tablename__]
"""Asked instead of the class: for a class, the session first writes all that has changed."""


def _next_number(session: Session, shop_id: ShopId) -> int:
    """The number after the last; on SQLite there is one writer, who holds the whole file."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(select(NUMBERS.next_value())) or 0)
    query = select(func.max(_table.c.number)).where(_table.c.shop_id == shop_id)
    return int(session.scalar(query) or 0) + 1


def count_on(
    session: Session,
    sequence: str,
    column: InstrumentedAttribute[int],
    *only: ColumnElement[bool],
) -> None:
    """Have PostgreSQL count on from the highest number that was copied; SQLite looks for itself."""
    if session.get_bind().dialect.name == "postgresql":
        last = select(func.max(column)).where(*only).scalar_subquery()
        reached = func.greatest(func.nextval(sequence), last)
        session.execute(select(func.setval(sequence, reached)).execution_options(**ALL_SHOPS))


def count_facts(session: Session, shop_id: ShopId) -> int:
    """How many facts the journal of a shop has."""
    return session.scalar(select(func.count()).where(FactRow.shop_id == shop_id)) or 0


def count_until(session: Session, shop_id: ShopId, number: int) -> tuple[int, int]:
    """How many facts there are up to a number, and how many of their names are gone."""
    names = FactRow.customer_id, FactRow.email_hash
    gone = (func.count().filter(name.startswith(GONE)) for name in names)
    upto = FactRow.shop_id == shop_id, FactRow.number <= number
    facts, *of_names = session.execute(select(func.count(), *gone).where(*upto)).one()
    return facts, sum(of_names)


def facts_together(session: Session, shop_id: ShopId, *, after: int = 0) -> Iterator[list[FactRow]]:
    """A shop's facts after a number, those that counted together in one list."""
    for _, together in groupby(_facts(session, shop_id, after), key=lambda fact: fact.number):
        yield list(together)


def _facts(session: Session, shop_id: ShopId, after: int) -> Iterator[FactRow]:
    """All facts after a number, read page by page: the session can be used in between."""
    last = (after + 1, -1)
    while True:
        query = (
            select(FactRow)
            .where(FactRow.shop_id == shop_id)
            .where(tuple_(FactRow.number, FactRow.place) > last)
            .order_by(FactRow.number, FactRow.place)
            .limit(PAGE)
        )
        page = list(session.scalars(query))
        yield from page
        if len(page) < PAGE:
            return
        last = (page[-1].number, page[-1].place)


def first_of_kind(session: Session, shop_id: ShopId, kind: FactKind) -> FactRow | None:
    """The earliest fact of a kind; None when there is none."""
    query = (
        select(FactRow)
        .where(FactRow.shop_id == shop_id, FactRow.kind == kind)
        .order_by(FactRow.number, FactRow.place)
    )
    return session.scalars(query.limit(1)).one_or_none()
