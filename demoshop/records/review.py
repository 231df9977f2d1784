"""What customers have written of products, and what came of telling the loyalty program."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from demoshop.records.base import Base
from demoshop.records.customer import Customer

MOST_STARS = 5
MOST_LETTERS = 1000


class Review(Base):
    """One customer's review of one product; its number is never another's."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("customer_id", "product"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    product: Mapped[str]
    stars: Mapped[int]
    text: Mapped[str]
    created_at: Mapped[datetime]
    # What it gave; None until the program has answered.
    points: Mapped[int | None]
    # The action it was first told under: under another code its number would be a new one.
    told_as: Mapped[str | None]
    # How telling it went last, in words for the merchant.
    answer: Mapped[str]

    customer: Mapped[Customer] = relationship(lazy="joined")


def reviews_of(session: Session, product: str) -> list[Review]:
    """The reviews of a product, newest first."""
    query = select(Review).where(Review.product == product).order_by(Review.id.desc())
    return list(session.scalars(query))


def review_by(session: Session, customer_id: int, product: str) -> Review | None:
    """A customer's review of a product; None when they have written none."""
    query = select(Review).where(Review.customer_id == customer_id, Review.product == product)
    return session.scalars(query).one_or_none()


def latest_reviews(session: Session, limit: int) -> list[Review]:
    """The newest reviews first."""
    return list(session.scalars(select(Review).order_by(Review.id.desc()).limit(limit)))


def unrewarded(session: Session) -> list[Review]:
    """The reviews that have given nothing yet, oldest first."""
    without = or_(Review.points.is_(None), Review.points == 0)
    return list(session.scalars(select(Review).where(without).order_by(Review.id)))
