"""Money the app has given customers: gift cards, and store credit."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from demoshop.records.base import Base


class GiftCard(Base):
    """A gift card; what is left on it follows from the orders that were paid with it."""

    __tablename__ = "gift_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    worth_minor: Mapped[int]
    customer_id: Mapped[int | None]
    note: Mapped[str | None]
    # A day, as the platform writes it.
    expires_on: Mapped[str | None]
    created_at: Mapped[datetime]


class StoreCredit(Base):
    """One credit on a customer's own money in the shop."""

    __tablename__ = "store_credit"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    worth_minor: Mapped[int]
    balance_minor: Mapped[int]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


def gift_cards(session: Session) -> list[GiftCard]:
    """Every gift card, oldest first."""
    return list(session.scalars(select(GiftCard).order_by(GiftCard.id)))


def gift_card_by_code(session: Session, code: str) -> GiftCard | None:
    """The gift card of a code, however it is written."""
    wanted = code.replace(" ", "").upper()
    return session.scalars(select(GiftCard).where(GiftCard.code == wanted)).one_or_none()


def credits_of(session: Session, customer_id: int) -> list[StoreCredit]:
    """The credits of a customer, oldest first."""
    query = select(StoreCredit).where(StoreCredit.customer_id == customer_id)
    return list(session.scalars(query.order_by(StoreCredit.id)))


def given_to(session: Session, customer_id: int) -> tuple[int, list[GiftCard]]:
    """What a customer has in the shop: store credit, and gift cards."""
    credit = sum(one.worth_minor for one in credits_of(session, customer_id))
    return credit, [one for one in gift_cards(session) if one.customer_id == customer_id]
