"""Published programs: numbered revisions that are kept for good."""

from datetime import datetime, tzinfo
from functools import cached_property, lru_cache
from typing import Any

import orjson
from sqlalchemy import Index, String, Text, cast, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.errors import NoProgramYet
from app.domain.program import Program
from app.domain.sentence import Sentence as _
from app.models.base import ID, Base, Document, ShopId
from app.models.program_document import program_document, program_from
from app.models.shop import Shop


class ProgramRevision(Base):
    """One published version of a shop's program, in force from an instant on."""

    __tablename__ = "program_revision"
    __table_args__ = (Index("ix_program_revision_effective", "shop_id", "effective_at"),)

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[Document]
    published_at: Mapped[datetime]
    effective_at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(100))


@lru_cache(maxsize=256)
def _read_once(document: bytes | str) -> Program:
    """The program in a document. Programs are values, so equal documents may share one.

    Reading one takes milliseconds, and every request and every batch asks for it.
    """
    return program_from(orjson.loads(document))


class Programs:
    """A shop's revisions, each read at most once, and the zone by whose clock they are meant.

    Lives as long as a transaction.
    """

    def __init__(self, session: Session, shop_id: ShopId) -> None:
        self._session = session
        self._shop_id = shop_id
        self._read: dict[int, Program] = {}
        self._heads: list[tuple[datetime, int]] | None = None
        self._numbers: dict[datetime, int] = {}
        self._last_plan: datetime | None = None
        self._looked: tuple[datetime, Program] | None = None

    @cached_property
    def zone(self) -> tzinfo:
        """Where the shop's days, months and years begin."""
        return self._session.get_one(Shop, self._shop_id).zone

    @property
    def newest(self) -> int:
        """The number of the newest revision, which may be a planned one; 0 when there is none."""
        return max((number for _effective, number in self._all_heads()), default=0)

    def revision(self, number: int) -> Program:
        """The program of a revision."""
        if number not in self._read:
            row = self._session.get_one(ProgramRevision, (self._shop_id, number))
            self._read[number] = _read_once(orjson.dumps(row.document))
        return self._read[number]

    def number_at(self, moment: datetime) -> int:
        """The revision in force at an instant; the first one for all time before it."""
        found = self._numbers.get(moment)
        if found is None:
            heads = self._all_heads()
            assert heads, "A shop has a program from the moment it installs."
            in_force = [number for effective, number in heads if effective <= moment]
            found = self._numbers[moment] = max(in_force) if in_force else heads[0][1]
        return found

    def scheduled(self, after: datetime) -> list[tuple[datetime, int]]:
        """Revisions that will come into force after an instant, and when, the next one first."""
        return [
            (effective, number)
            for effective, number in sorted(self._all_heads())
            if effective > after and self.number_at(effective) == number != self.number_at(after)
        ]

    def next_ladder_at(self, after: datetime) -> datetime | None:
        """When other tiers come into force by plan; None when these stay."""
        heads = self._all_heads()
        if self._last_plan is None:
            self._last_plan = max((effective for effective, _number in heads), default=after)
        # Asked for each order of a batch; hardly ever is anything planned.
        if self._last_plan <= after:
            return None
        tiers = self.at(after).tiers
        planned = self.scheduled(after)
        return next((day for day, one in planned if self.revision(one).tiers != tiers), None)

    def look(self, moment: datetime) -> Program | None:
        """The program in force at an instant, in one query; None for a shop that has none yet.

        Who asks for that instant again gets it without another.
        """
        if self._looked is not None and self._looked[0] == moment:
            return self._looked[1]
        query = (
            select(cast(ProgramRevision.document, Text))
            .where(ProgramRevision.shop_id == self._shop_id)
            .where(ProgramRevision.effective_at <= moment)
            .order_by(ProgramRevision.number.desc())
            .limit(1)
        )
        document = self._session.scalar(query)
        if document is None:
            return self.at(moment) if self._all_heads() else None
        return self.note(moment, document)

    def note(self, moment: datetime, document: str) -> Program:
        """Take in the document, as its text, that was found to be in force at an instant."""
        program = _read_once(document)
        self._looked = moment, program
        return program

    def at(self, moment: datetime) -> Program:
        """The program in force at an instant."""
        if self._looked is not None and self._looked[0] == moment:
            return self._looked[1]
        return self.revision(self.number_at(moment))

    def _all_heads(self) -> list[tuple[datetime, int]]:
        if self._heads is None:
            query = (
                select(ProgramRevision.effective_at, ProgramRevision.number)
                .where(ProgramRevision.shop_id == self._shop_id)
                .order_by(ProgramRevision.number)
            )
            self._heads = [
                (effective, number) for effective, number in self._session.execute(query)
            ]
        return self._heads


def latest_number(session: Session, shop_id: ShopId) -> int:
    """The number of a shop's newest revision; 0 when it has none."""
    query = select(func.max(ProgramRevision.number)).where(ProgramRevision.shop_id == shop_id)
    return session.scalar(query) or 0


def program_in_force(session: Session, shop_id: ShopId, *, at: datetime) -> tuple[int, Program]:
    """The revision in force at an instant. Raises NoProgramYet for a shop whose money is unknown.

    The newest one may be another: it may have been published for a day to come.
    """
    if not latest_number(session, shop_id):
        raise NoProgramYet(_("Your shop is still being connected. Try again in a few seconds."))
    programs = Programs(session, shop_id)
    number = programs.number_at(at)
    return number, programs.revision(number)


def add_revision(
    session: Session,
    shop_id: ShopId,
    program: Program,
    *,
    author: str,
    effective_at: datetime,
    at: datetime,
) -> int:
    """Write the next revision and return its number. Two at once fail on the primary key."""
    number = latest_number(session, shop_id) + 1
    session.add(
        ProgramRevision(
            shop_id=shop_id,
            number=number,
            document=program_document(program),
            published_at=at,
            effective_at=effective_at,
            author=author,
        )
    )
    session.flush()
    return number


def revisions(session: Session, shop_id: ShopId) -> list[ProgramRevision]:
    """A shop's revisions, the newest first."""
    query = select(ProgramRevision).where(ProgramRevision.shop_id == shop_id)
    return list(session.scalars(query.order_by(ProgramRevision.number.desc())))


def document_of(session: Session, shop_id: ShopId, number: int) -> dict[str, Any]:
    """The document of a revision, as it was published."""
    return session.get_one(ProgramRevision, (shop_id, number)).document
