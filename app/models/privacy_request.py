"""What people asked about their data through the platform: when it came, is due, and was done.

The record of an erasure says nothing of whom it was about; that of an export does so only until the
export is handed over.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId, new_id
from app.models.person import names_any

DUE_AFTER = timedelta(days=30)
"""Platforms give so long to carry out what a person asks for."""


class PrivacyKind(StrEnum):
    """What was asked for, by the topic under which platforms ask."""

    EXPORT = "customers/data_request"
    ERASE_PERSON = "customers/redact"
    ERASE_SHOP = "shop/redact"


class PrivacyOutcome(StrEnum):
    """What came of it."""

    OPEN = "open"
    """The merchant has to hand over the export."""
    HANDED_OVER = "handed_over"
    NOTHING_HELD = "nothing_held"
    ERASED = "erased"
    CAME_BACK = "came_back"
    """The shop installed us again before everything of it was to be erased."""


class PrivacyRequest(Base):
    """One request; the delivery that brought it is its proof."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        UniqueConstraint("shop_id", "delivery_id"),
        Index("ix_privacy_request_asked", "shop_id", "asked_at"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    delivery_id: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20), default=PrivacyOutcome.OPEN)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    customer_id: Mapped[str | None] = mapped_column(String(64), default=None)
    email_hash: Mapped[str | None] = mapped_column(String(64), default=None)

    @property
    def due_at(self) -> datetime:
        """By when it must be done."""
        return self.asked_at + DUE_AFTER

    def close(self, outcome: PrivacyOutcome, *, at: datetime | None) -> None:
        """Note what came of it, and forget whom it was about; None where another line says when."""
        self.outcome = outcome
        self.done_at = at
        self.customer_id = None
        self.email_hash = None


def request_of(session: Session, shop_id: ShopId, delivery_id: str) -> PrivacyRequest | None:
    """The request that a delivery brought; None when it is not noted yet."""
    query = select(PrivacyRequest).where(
        PrivacyRequest.shop_id == shop_id, PrivacyRequest.delivery_id == delivery_id
    )
    return session.scalars(query).one_or_none()


def requests_page(session: Session, shop_id: ShopId, *, limit: int) -> Sequence[PrivacyRequest]:
    """A shop's requests, the newest first."""
    query = select(PrivacyRequest).where(PrivacyRequest.shop_id == shop_id)
    return session.scalars(query.order_by(PrivacyRequest.asked_at.desc()).limit(limit)).all()


def oldest_open_request(session: Session, shop_id: ShopId) -> tuple[int, datetime | None]:
    """How many exports wait to be handed over, and when the first of them was asked for."""
    query = select(func.count(), func.min(PrivacyRequest.asked_at)).where(
        PrivacyRequest.shop_id == shop_id, PrivacyRequest.outcome == PrivacyOutcome.OPEN
    )
    number, first = session.execute(query).one()
    return int(number), first


def forget_asking(session: Session, shop_id: ShopId, persons: Collection[str] | None) -> None:
    """Forget who asked, of somebody who is being erased, by ids and hashes; of all with None.

    An export that was still to be handed over has nothing in it any more.
    """
    query = select(PrivacyRequest).where(PrivacyRequest.shop_id == shop_id)
    if persons is None:
        query = query.where(PrivacyRequest.kind == PrivacyKind.EXPORT)
    else:
        asked = (PrivacyRequest.customer_id, PrivacyRequest.email_hash)
        query = query.where(names_any(*asked, persons))
    for request in session.scalars(query.where(PrivacyRequest.outcome == PrivacyOutcome.OPEN)):
        request.close(PrivacyOutcome.ERASED, at=None)
