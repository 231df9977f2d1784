"""Imports: a file that a merchant brought, how it is to be read, and how far that has come."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.errors import UnknownImport
from app.models.base import ID, Base, Document, ShopId, new_id
from app.models.queue import Queued
from app.models.stored_file import StoredFile

UNREAD_LIVES = timedelta(days=2)
"""How long a file waits to be read; when it is read, it is erased."""
LINES_LIVE = timedelta(days=90)
"""How long after it was brought an import can be run, undone, and its differences fetched."""


class Stage(StrEnum):
    """Where an import stands."""

    MAPPING = "mapping"
    """The merchant says which column is what."""
    READING = "reading"
    COMPARING = "comparing"
    """The dry run: what would change."""
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


WORKING = (Stage.READING, Stage.COMPARING, Stage.RUNNING, Stage.UNDOING)


class ImportRun(Queued, Base):
    """One import; `done` of `total` lines or people are behind it in its stage.

    `reading` says how the file is read: its encoding, separator and columns.
    `counts` is what came of it, by the names of what can come of a line.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_due", "state", "run_at"),
        Index("ix_import_run_asked", "shop_id", "asked_at"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str] = mapped_column(String(10))
    is_archive: Mapped[bool] = mapped_column(default=False)
    """Whether it is a whole export of ours, and not a table of somebody else's."""
    label: Mapped[str] = mapped_column(String(40), default="")
    """The program that the points come from."""
    file_id: Mapped[UUID | None] = mapped_column(default=None)
    reading: Mapped[Document] = mapped_column(default=dict)
    counts: Mapped[Document] = mapped_column(default=dict)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    place: Mapped[str] = mapped_column(String(80), default="")
    """The last person who is behind it in this stage."""


def import_of(
    session: Session, shop_id: ShopId, import_id: UUID, *, lock: bool = False
) -> ImportRun:
    """An import of a shop. Raises UnknownImport."""
    run = session.get(ImportRun, (shop_id, import_id), with_for_update=lock or None)
    if run is None:
        raise UnknownImport("There is no such import.")
    return run


def is_past(run: ImportRun, *, at: datetime) -> bool:
    """Whether its lines may have begun to be forgotten, so that it is neither run nor undone."""
    return run.asked_at <= at - LINES_LIVE


def has_file(session: Session, run: ImportRun) -> bool:
    """Whether an import's file is still kept."""
    if run.file_id is None:
        return False
    return session.get(StoredFile, (run.shop_id, run.file_id)) is not None


def newer_imports(session: Session, run: ImportRun) -> list[ImportRun]:
    """The imports of the same program that ran after one, or run now, and are not undone."""
    later = or_(ImportRun.finished_at.is_(None), ImportRun.finished_at > run.finished_at)
    query = select(ImportRun).where(
        ImportRun.shop_id == run.shop_id,
        ImportRun.id != run.id,
        ImportRun.label == run.label,
        ImportRun.stage.in_((Stage.RUNNING, Stage.DONE, Stage.UNDOING, Stage.FAILED)),
        later,
    )
    return list(session.scalars(query))


def newest_imports(session: Session, shop_id: ShopId, *, limit: int) -> list[ImportRun]:
    """A shop's imports, the newest first."""
    query = select(ImportRun).where(ImportRun.shop_id == shop_id)
    # Ids are made in the order of time, and no two of one moment are equal.
    return list(session.scalars(query.order_by(ImportRun.id.desc()).limit(limit)))
