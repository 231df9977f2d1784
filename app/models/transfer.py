"""The ledger as it is stored: rows that are only ever added.

A database trigger refuses to change or delete one (see the first migration). A member's rows are
numbered in the order in which they were posted, which the member's lock makes exact.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    String,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.ledger import Account, Reason, Transfer
from app.models.among import among
from app.models.base import ID, Base, ShopId
from app.models.merged import merged_into
from app.models.rows import insert_rows


class TransferRow(Base):
    """Points of one member moving between two accounts; the key is held once in a shop."""

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        # All that a sum of what moved in a time asks for, so that it reads nothing else.
        Index("ix_transfer_occurred", "shop_id", "occurred_at", "source", "target", "points"),
        CheckConstraint("points > 0", "points"),
        CheckConstraint("source <> target", "sides"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(10))
    points: Mapped[int]
    occurred_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(20))
    order_id: Mapped[str | None] = mapped_column(String(64))
    redemption_id: Mapped[str | None] = mapped_column(String(36))
    revision: Mapped[int | None]
    expires_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(200), default="")

    @property
    def as_transfer(self) -> Transfer:
        """The row as the value that the domain reckons with."""
        return _transfer({name: getattr(self, name) for name in _FACTS})


def add_transfers(
    session: Session, shop_id: ShopId, numbered: Sequence[tuple[UUID, int, Transfer]]
) -> None:
    """Write transfers of (member, number) in one statement."""
    insert_rows(session, TransferRow, [_row(shop_id, *one) for one in numbered])


def _row(shop_id: ShopId, member_id: UUID, number: int, transfer: Transfer) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "member_id": member_id,
        "number": number,
        "key": transfer.key,
        "source": transfer.source.value,
        "target": transfer.target.value,
        "points": transfer.points,
        "occurred_at": transfer.occurred_at,
        "reason": transfer.reason.value,
        "order_id": transfer.order_id,
        "redemption_id": transfer.redemption_id,
        "revision": transfer.revision,
        "expires_at": transfer.expires_at,
        "note": transfer.note,
    }


def transfers_of(session: Session, shop_id: ShopId, member_id: UUID) -> list[Transfer]:
    """All transfers of a member, in the order in which they were posted."""
    return ledgers_of(session, shop_id, [member_id])[member_id]


def ledgers_of(
    session: Session, shop_id: ShopId, member_ids: Collection[UUID]
) -> dict[UUID, list[Transfer]]:
    """All transfers of some members, each member's in the order in which they were posted."""
    query = (
        # As columns: a batch may replay thousands, and nobody changes one.
        select(TransferRow.member_id, *(getattr(TransferRow, name) for name in _FACTS))
        .where(TransferRow.shop_id == shop_id, among(TransferRow.member_id, member_ids))
        .order_by(TransferRow.member_id, TransferRow.number)
    )
    found: dict[UUID, list[Transfer]] = {member_id: [] for member_id in member_ids}
    for member_id, *facts in session.execute(query):
        found[member_id].append(_transfer(dict(zip(_FACTS, facts, strict=True))))
    return found


_FACTS = tuple(field.name for field in fields(Transfer))
"""What a transfer says; its row has a column for each."""


def _transfer(facts: dict[str, Any]) -> Transfer:
    names = {
        "source": Account(facts["source"]),
        "target": Account(facts["target"]),
        "reason": Reason(facts["reason"]),
    }
    return Transfer(**facts | names)


def rows_of(
    session: Session, shop_id: ShopId, member_id: UUID, *, newest: int | None = None
) -> list[TransferRow]:
    """A member's ledger rows as posted; with `newest`, so many of them, the last one first."""
    query = select(TransferRow).where(
        TransferRow.shop_id == shop_id, TransferRow.member_id == member_id
    )
    if newest is None:
        return list(session.scalars(query.order_by(TransferRow.number)))
    return list(session.scalars(query.order_by(TransferRow.number.desc()).limit(newest)))


def taken_keys(session: Session, shop_id: ShopId, keys: Collection[str]) -> set[str]:
    """Which of these keys the ledger has already."""
    query = select(TransferRow.key).where(
        TransferRow.shop_id == shop_id, among(TransferRow.key, keys)
    )
    return set(session.scalars(query))


def row_by_key(session: Session, shop_id: ShopId, key: str) -> TransferRow | None:
    """The row that holds a key; None for one that is not taken."""
    query = select(TransferRow).where(TransferRow.shop_id == shop_id, TransferRow.key == key)
    return session.scalars(query).one_or_none()


def deeds_of(
    session: Session, shop_id: ShopId, member_id: UUID, action_code: str
) -> list[datetime]:
    """When a member was rewarded for an action, as whoever was merged into them too."""
    merged = merged_into(shop_id, [member_id])
    query = select(TransferRow.occurred_at).where(
        TransferRow.shop_id == shop_id,
        (TransferRow.member_id == member_id) | TransferRow.member_id.in_(merged),
        TransferRow.reason == Reason.ACTION,
        TransferRow.note == action_code,
    )
    return list(session.scalars(query))
