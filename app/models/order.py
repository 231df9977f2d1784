"""The order record: what we know of an order, what it was awarded, and what was posted for it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.earning import Award
from app.domain.ledger import Account
from app.domain.order import Order, Refund
from app.domain.settlement import Position
from app.models.among import among
from app.models.base import ID, Base, Document, ShopId
from app.models.order_document import (
    award_document,
    award_from,
    order_document,
    order_from,
    refund_document,
    refund_from,
)
from app.models.rows import insert_new

_PURCHASE = "member_id IS NOT NULL AND counts_at IS NOT NULL AND spend_minor > 0"
"""An order that was paid, and of which its customer kept something: all that figures read of it."""

_POINTLESS = "posted_issued = 0 AND placed_at IS NOT NULL"
"""An order that has given nothing: few of a shop that is live."""

_NOTHING_READ: tuple[Document | None, Award | None] = (None, None)


def _index_of(some: str, name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(some), postgresql_where=text(some))


class OrderRecord(Base):
    """One order of a shop.

    `facts` is the newest version the platform told; a refund that came before any version waits in
    `early_refunds`. The `posted_…` columns are what the ledger holds for the order, cached so that
    settling reads one row; `forgiven` is what a clamp could not take, and counts as posted.
    """

    __tablename__ = "order_record"
    __table_args__ = (
        Index("ix_order_record_member", "shop_id", "member_id", "counts_at"),
        Index("ix_order_record_due", "due_at"),
        Index("ix_order_record_placed", "shop_id", "placed_at"),
        Index("ix_order_record_customer", "shop_id", "customer_id"),
        Index("ix_order_record_email", "shop_id", "email_hash"),
        _index_of(
            _PURCHASE,
            "ix_order_record_purchase",
            *("shop_id", "member_id", "placed_at", "order_id", "spend_minor"),
        ),
        _index_of(_POINTLESS, "ix_order_record_pointless", "shop_id", "placed_at", "order_id"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    order_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), default="")
    customer_id: Mapped[str | None] = mapped_column(String(64), default=None)
    email_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    member_id: Mapped[UUID | None] = mapped_column(default=None)
    """Whom the posted points belong to."""
    facts: Mapped[Document | None] = mapped_column(default=None)
    early_refunds: Mapped[Document] = mapped_column(default=dict)
    award_facts: Mapped[Document | None] = mapped_column("award", default=None)
    placed_at: Mapped[datetime | None] = mapped_column(default=None)
    counts_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the order was paid, from which on it counts towards a tier; None until then."""
    spend_minor: Mapped[int] = mapped_column(default=0)
    """What of it counts towards a tier: goods that the customer kept, of an order that can earn."""
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    """When time alone will change its position: pending points become available."""
    settlements: Mapped[int] = mapped_column(default=0)
    posted_issued: Mapped[int] = mapped_column(default=0)
    posted_pending: Mapped[int] = mapped_column(default=0)
    posted_available: Mapped[int] = mapped_column(default=0)
    posted_reversed: Mapped[int] = mapped_column(default=0)
    posted_expired: Mapped[int] = mapped_column(default=0)
    forgiven: Mapped[int] = mapped_column(default=0)
    forgiven_to: Mapped[Document] = mapped_column(default=dict)
    """What members keep of it by a clamp to whom it belonged before, by their ids."""
    entry: Mapped[Document] = mapped_column(default=dict)
    """Points for tiers that the order led to, by the tier's code."""
    categories: Mapped[Document] = mapped_column(default=dict)
    """The product categories on it, as keys, where a program asks for them."""
    awaits_catalog: Mapped[bool] = mapped_column(default=False)
    """Whether the award waits until the catalog has told about its products."""
    wiped: Mapped[bool] = mapped_column(default=False)
    """A preview order: its points were taken back when the program went live."""
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)
    forgotten: Mapped[bool] = mapped_column(default=False)
    """Who placed it was erased: what the platform still tells of them is not kept."""

    @property
    def order(self) -> Order | None:
        """The order itself; None while only refunds of it are known."""
        return order_from(self.facts) if self.facts is not None else None

    @order.setter
    def order(self, order: Order) -> None:
        self.facts = order_document(order)
        self.name = order.name
        self.customer_id = order.customer_id
        self.email_hash = order.email_hash
        self.placed_at = order.placed_at
        self.counts_at = order.counts_at

    def belong_to(self, customer_id: str | None, email_hash: str | None) -> None:
        """Note whose order it is by our own knowledge: a hair newer than what the platform told.

        So a late duplicate does not bring back a customer who was merged or forgotten, and the next
        change of the order, which is at least a second later, still counts.
        """
        order = self.order
        if order is None:
            self.customer_id, self.email_hash = customer_id, email_hash
            return
        updated_at = order.updated_at + timedelta(microseconds=1)
        self.order = replace(
            order, customer_id=customer_id, email_hash=email_hash, updated_at=updated_at
        )

    @property
    def waiting_refunds(self) -> tuple[Refund, ...]:
        """Refunds that came before any version of the order."""
        return tuple(refund_from(key, one) for key, one in sorted(self.early_refunds.items()))

    def wait_with(self, refund: Refund) -> None:
        """Keep a refund until the order it belongs to is known."""
        self.early_refunds = self.early_refunds | {refund.refund_id: refund_document(refund)}

    # The facts that were read last, and as what: settling asks for it again and again.
    _read_award = _NOTHING_READ

    @property
    def award(self) -> Award | None:
        """What the order gave when it first counted; None before that."""
        facts = self.award_facts
        if self._read_award[0] is not facts:
            self._read_award = facts, award_from(facts) if facts is not None else None
        return self._read_award[1]

    @award.setter
    def award(self, award: Award | None) -> None:
        self.award_facts = award_document(award) if award is not None else None

    @property
    def posted(self) -> Position:
        """What the ledger holds for the order."""
        return {
            Account.ISSUED: self.posted_issued,
            Account.PENDING: self.posted_pending,
            Account.AVAILABLE: self.posted_available,
            Account.REVERSED: self.posted_reversed,
            Account.EXPIRED: self.posted_expired,
        }

    @posted.setter
    def posted(self, position: Position) -> None:
        for account, points in self.posted.items():
            if position.get(account, 0) != points:
                setattr(self, f"posted_{account}", position.get(account, 0))


def lock_orders(
    session: Session, shop_id: ShopId, order_ids: Collection[str]
) -> dict[str, OrderRecord]:
    """The records of these orders, made where there is none, and ours until the commit.

    Orders are locked before members, and both in the order of their ids, so that two workers
    cannot wait for each other.
    """
    blank = [{"shop_id": shop_id, "order_id": order_id} for order_id in sorted(order_ids)]
    insert_new(session, OrderRecord, blank)
    query = (
        select(OrderRecord)
        .where(OrderRecord.shop_id == shop_id, among(OrderRecord.order_id, order_ids))
        .order_by(OrderRecord.order_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {record.order_id: record for record in session.scalars(query)}


def find_order(session: Session, shop_id: ShopId, asked: str) -> OrderRecord | None:
    """An order by the platform's id or by the name that people call it (#1001, 1001)."""
    record = session.get(OrderRecord, (shop_id, asked))
    if record is not None:
        return record
    names = (asked, "#" + re.sub(r"^#", "", asked))
    query = select(OrderRecord).where(OrderRecord.shop_id == shop_id, OrderRecord.name.in_(names))
    return session.scalars(query.limit(1)).one_or_none()


def orders_of_guests(session: Session, shop_id: ShopId, email_hashes: Collection[str]) -> list[str]:
    """The orders without a customer that these keyed hashes have placed."""
    query = select(OrderRecord.order_id).where(
        OrderRecord.shop_id == shop_id,
        among(OrderRecord.email_hash, email_hashes),
        OrderRecord.customer_id.is_(None),
    )
    return sorted(session.scalars(query))


def newest_orders(session: Session, shop_id: ShopId, limit: int) -> Sequence[OrderRecord]:
    """The orders placed last, the newest first."""
    query = (
        select(OrderRecord)
        .where(OrderRecord.shop_id == shop_id, OrderRecord.placed_at.is_not(None))
        .order_by(OrderRecord.placed_at.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def awaiting_catalog(session: Session, shop_id: ShopId, limit: int) -> list[OrderRecord]:
    """Orders whose award waits for what the catalog says."""
    query = (
        select(OrderRecord)
        .where(OrderRecord.shop_id == shop_id, OrderRecord.awaits_catalog)
        .order_by(OrderRecord.order_id)
        .limit(limit)
    )
    return list(session.scalars(query))
