"""The audit log: what people changed in a shop's admin or by command, who they were, and when.

Entries are only added: a database trigger refuses to change one, and to delete one before its shop
is erased. They name members by ids of ours, so that nothing here outlives who is forgotten.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, Document, ShopId, new_id


class AuditKind(StrEnum):
    """What was done; the body says from what to what."""

    PUBLISHED = "published"
    PLANNED = "planned"
    ROLLED_BACK = "rolled back"
    WENT_LIVE = "went live"
    PAST_EARN = "past earn"
    PAUSED = "paused"
    RESUMED = "resumed"
    UNPLANNED = "unplanned"

    ADJUSTED = "adjusted"
    FLOOR = "floor"
    MERGED = "merged"
    ERASED = "erased"
    CANCELED = "canceled"
    FULFILLED = "fulfilled"
    GAVE_AGAIN = "gave again"

    REPLAYED = "replayed"
    RECONCILED = "reconciled"
    FETCHED = "fetched"

    EXPORTED = "exported"
    IMPORTED = "imported"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed over"

    LOOK = "look"
    PERMITTED = "permitted"
    SIGNED_OUT = "signed out"
    KEY_MADE = "key made"
    KEY_REVOKED = "key revoked"
    ENDED = "ended"
    ENDED_OTHERS = "ended others"


class AuditEntry(Base):
    """One change by one person. The ids of entries are made in the order of time."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_author", "shop_id", "author", "id"),)

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    member_id: Mapped[UUID | None] = mapped_column(default=None)
    body: Mapped[Document]


def note_change(
    session: Session,
    shop_id: ShopId,
    kind: AuditKind,
    *,
    author: str,
    member_id: UUID | None = None,
    at: datetime,
    **body: Any,
) -> None:
    """Write down what somebody has changed, in the transaction of the change."""
    entry = AuditEntry(shop_id=shop_id, at=at, author=author[:100], kind=kind, body=body)
    entry.member_id = member_id
    session.add(entry)


def note_revision(
    session: Session,
    shop_id: ShopId,
    kind: AuditKind,
    *,
    author: str,
    before: int,
    after: int,
    at: datetime,
) -> None:
    """Note that a revision was published; an equal program makes none, and changes nothing."""
    if after != before:
        note_change(session, shop_id, kind, author=author, at=at, before=before, after=after)


def audit_page(
    session: Session,
    shop_id: ShopId,
    *,
    kinds: Collection[AuditKind] = (),
    author: str | None = None,
    before: UUID | None = None,
    limit: int,
) -> Sequence[AuditEntry]:
    """Entries, the newest first, from the one after `before` on; no kinds are all kinds."""
    query = select(AuditEntry).where(AuditEntry.shop_id == shop_id)
    if kinds:
        query = query.where(AuditEntry.kind.in_(kinds))
    if author is not None:
        query = query.where(AuditEntry.author == author)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def forget_changes(session: Session, shop_id: ShopId) -> None:
    """Forget who changed what, once their shop is erased."""
    statement = delete(AuditEntry).where(AuditEntry.shop_id == shop_id)
    session.execute(statement.execution_options(synchronize_session=False))
