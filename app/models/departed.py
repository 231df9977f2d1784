"""Customers who are nobody any more: merged into another one, or forgotten.

What a platform tells of them late must not bring them back. A row says so by a mark that names
nobody: a digest of the customer's id, or the keyed hash of the e-mail.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.among import among
from app.models.base import ID, Base, ShopId
from app.models.rows import insert_new


class Departed(Base):
    """One customer or e-mail address; `kept_id` is whom they were merged into, None if forgotten.

    What was placed until `at` is nobody's. Who orders again after that is welcome again.
    """

    __tablename__ = "departed"
    __table_args__ = (Index("ix_departed_kept", "shop_id", "kept_id"),)

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    kept_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]


def mark_of(customer_id: str) -> str:
    """The mark under which a customer's departure is noted."""
    return sha256(f"customer/{customer_id}".encode()).hexdigest()


def departures(session: Session, shop_id: ShopId, marks: Collection[str]) -> dict[str, Departed]:
    """Who of these has departed, by mark."""
    if not marks:
        return {}
    query = select(Departed).where(Departed.shop_id == shop_id, among(Departed.mark, marks))
    return {row.mark: row for row in session.scalars(query)}


def note_merged(
    session: Session, shop_id: ShopId, *, gone_id: str, kept_id: str, at: datetime
) -> None:
    """Whatever is told of the gone customer concerns the kept one, and so with who was theirs."""
    _move(session, shop_id, Departed.kept_id == gone_id, kept_id, at)
    row = {"shop_id": shop_id, "mark": mark_of(gone_id), "kept_id": kept_id, "at": at}
    insert_new(session, Departed, [row])
    _move(session, shop_id, Departed.mark == mark_of(gone_id), kept_id, at)


def note_forgotten(
    session: Session,
    shop_id: ShopId,
    *,
    customer_ids: Collection[str],
    email_hashes: Collection[str],
    at: datetime,
) -> None:
    """These are forgotten from now on, with who was merged into them.

    Who was merged into somebody else stays theirs: platforms delete a customer after a merge.
    """
    marks = sorted({mark_of(one) for one in customer_ids} | set(email_hashes))
    rows = [{"shop_id": shop_id, "mark": mark, "kept_id": None, "at": at} for mark in marks]
    insert_new(session, Departed, rows)
    _move(session, shop_id, Departed.mark.in_(marks) & Departed.kept_id.is_(None), None, at)
    _move(session, shop_id, Departed.kept_id.in_(customer_ids), None, at)


def _move(
    session: Session,
    shop_id: ShopId,
    which: ColumnElement[bool],
    kept_id: str | None,
    at: datetime,
) -> None:
    session.execute(
        update(Departed)
        .where(Departed.shop_id == shop_id, which)
        .values(kept_id=kept_id, at=at)
        .execution_options(synchronize_session="fetch")
    )
