"""The people who can log in to the shop, and what a new one starts with."""

from datetime import datetime

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from demoshop.records.base import Base

PERSONAS = (
    (7100000001, "Astrid", "Lindholm", "astrid@example.com", "da"),
    (7100000002, "Bjørn", "Haugen", "bjorn@example.com", "nb"),
    (7100000003, "Chloé", "Marchand", "chloe@example.com", "en"),
)


class Customer(Base):
    """A customer of the shop."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What the persona is called in URLs and in the control API.
    handle: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    # Marks that the merchant or an app has put on them.
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


def customers(session: Session) -> list[Customer]:
    """Everyone, oldest first."""
    return list(session.scalars(select(Customer).order_by(Customer.id)))


def persona(session: Session, handle: str) -> Customer | None:
    """The persona of that handle or id."""
    return next((c for c in customers(session) if handle in (c.handle, str(c.id))), None)


def seed_personas(session: Session, at: datetime) -> None:
    """Put the three personas there if they are missing."""
    for number, first, last, email, locale in PERSONAS:
        if session.get(Customer, number) is None:
            session.add(
                Customer(
                    id=number,
                    handle=email.partition("@")[0],
                    first_name=first,
                    last_name=last,
                    email=email,
                    locale=locale,
                    created_at=at,
                    updated_at=at,
                )
            )
    session.flush()
