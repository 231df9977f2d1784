"""Exports that a merchant asked for: each is written by a worker, and fetched for a few days."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId, new_id
from app.models.queue import OPEN, Queued, State
from app.models.stored_file import drop_files

KEPT = timedelta(days=3)
"""How long an export can be fetched: it is full of people's data."""


class ExportRun(Queued, Base):
    """One export; `done` of `total` rows are written, and then it is the file."""

    __tablename__ = "export_run"
    __table_args__ = (
        Index("ix_export_run_due", "state", "run_at"),
        Index("ix_export_run_asked", "shop_id", "asked_at"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(100))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    file_id: Mapped[UUID | None] = mapped_column(default=None)
    size_bytes: Mapped[int] = mapped_column(default=0)
    kept_until: Mapped[datetime | None] = mapped_column(default=None)


def ask_for_export(session: Session, shop_id: ShopId, *, by: str, at: datetime) -> bool:
    """Have an export written; False when one is being written already, which is that one."""
    waiting = select(ExportRun).where(ExportRun.shop_id == shop_id, ExportRun.state.in_(OPEN))
    if session.scalars(waiting.limit(1)).first() is not None:
        return False
    session.add(ExportRun(shop_id=shop_id, id=new_id(), asked_at=at, asked_by=by, run_at=at))
    session.flush()
    return True


def newest_exports(session: Session, shop_id: ShopId, *, limit: int) -> list[ExportRun]:
    """A shop's exports, the newest first."""
    query = select(ExportRun).where(ExportRun.shop_id == shop_id)
    # Ids are made in the order of time, and no two of one moment are equal.
    return list(session.scalars(query.order_by(ExportRun.id.desc()).limit(limit)))


def drop_exports(session: Session, shop_id: ShopId, *, at: datetime) -> None:
    """Erase every export that can still be fetched, and have those begun begin anew.

    Somebody was forgotten, and is in them.
    """
    mine = select(ExportRun.id).where(ExportRun.shop_id == shop_id, ExportRun.state.in_(OPEN))
    # Whoever is storing one now is waited for: what they store is erased below.
    session.execute(mine.with_for_update())
    ready = (ExportRun.shop_id == shop_id, ExportRun.file_id.is_not(None))
    files = session.scalars(select(ExportRun.file_id).where(*ready))
    if found := [file_id for file_id in files if file_id is not None]:
        drop_files(session, shop_id, found)
        ended = update(ExportRun).where(*ready).values(file_id=None, kept_until=at)
        session.execute(ended.execution_options(synchronize_session=False))
    # Whoever writes one holds another attempt than this, and cannot end it.
    begun = (ExportRun.shop_id == shop_id, ExportRun.state == State.TRYING)
    again = update(ExportRun).where(*begun).values(attempts=ExportRun.attempts + 1, run_at=at)
    session.execute(again.execution_options(synchronize_session=False))
