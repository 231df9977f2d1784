"""Files that are handed in or out: in sealed pieces, so that every process can reach them.

They are full of people's data, so each has an end: what is past it is not handed out any more, and
a chore erases it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import IO
from uuid import UUID

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId, new_id

PIECE_BYTES = 1024 * 1024

Seal = Callable[[bytes], bytes]
"""What seals bytes, or opens what was sealed."""


class StoredFile(Base):
    """One file of a shop, until `kept_until`."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_kept", "shop_id", "kept_until"),)

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int]
    kept_until: Mapped[datetime]


class StoredPiece(Base):
    """A piece of a file, sealed."""

    __tablename__ = "stored_piece"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_sealed: Mapped[bytes]


def store(
    session: Session,
    shop_id: ShopId,
    stream: IO[bytes],
    *,
    name: str,
    seal: Seal,
    kept_until: datetime,
) -> StoredFile:
    """Keep all that a stream has left, piece by piece; returns the file."""
    file = StoredFile(
        shop_id=shop_id, id=new_id(), name=name[:200], size_bytes=0, kept_until=kept_until
    )
    session.add(file)
    number = 0
    while body := stream.read(PIECE_BYTES):
        piece = StoredPiece(shop_id=shop_id, file_id=file.id, number=number, body_sealed=seal(body))
        session.add(piece)
        session.flush()
        # Written, and not to be remembered: a file may be larger than the memory.
        session.expunge(piece)
        file.size_bytes += len(body)
        number += 1
    session.flush()
    return file


def file_of(session: Session, shop_id: ShopId, file_id: UUID, *, at: datetime) -> StoredFile | None:
    """A file that is still kept at an instant; None for one that is not."""
    file = session.get(StoredFile, (shop_id, file_id))
    return file if file is not None and at < file.kept_until else None


def piece_of(session: Session, shop_id: ShopId, file_id: UUID, number: int) -> bytes | None:
    """A piece of a file, sealed; None after the last one."""
    query = select(StoredPiece.body_sealed).where(
        StoredPiece.shop_id == shop_id,
        StoredPiece.file_id == file_id,
        StoredPiece.number == number,
    )
    return session.scalar(query)


def drop_file(session: Session, shop_id: ShopId, file_id: UUID | None) -> None:
    """Erase a file; None is none."""
    if file_id is not None:
        drop_files(session, shop_id, [file_id])


def drop_files(session: Session, shop_id: ShopId, ids: list[UUID]) -> None:
    """Erase files with their pieces."""
    for table, column in ((StoredPiece, StoredPiece.file_id), (StoredFile, StoredFile.id)):
        statement = delete(table).where(table.shop_id == shop_id, column.in_(ids))
        session.execute(statement.execution_options(synchronize_session=False))


def drop_old_files(session: Session, shop_id: ShopId, *, at: datetime, limit: int) -> int:
    """Erase up to so many files that are past their end; returns how many."""
    query = select(StoredFile.id).where(StoredFile.shop_id == shop_id, StoredFile.kept_until <= at)
    ids = list(session.scalars(query.limit(limit)))
    if ids:
        drop_files(session, shop_id, ids)
    return len(ids)


def drop_all_files(session: Session, shop_id: ShopId) -> None:
    """Erase every file of a shop."""
    query = select(StoredFile.id).where(StoredFile.shop_id == shop_id)
    drop_files(session, shop_id, list(session.scalars(query)))
