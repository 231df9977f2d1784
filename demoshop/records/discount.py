"""Discount codes, as the app makes them and the checkout honors them."""

from datetime import datetime

from sqlalchemy import JSON, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from demoshop.products import Product
from demoshop.records.base import Base


class Discount(Base):
    """One code. Exactly one of percentage and amount is set, or neither for free shipping.

    Codes that were added to a discount in bulk are rows of their own with its terms, under it.
    """

    __tablename__ = "discount"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]
    free_shipping: Mapped[bool] = mapped_column(default=False)
    percentage: Mapped[float | None]
    amount_minor: Mapped[int | None]
    minimum_minor: Mapped[int | None]
    minimum_quantity: Mapped[int | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    usage_limit: Mapped[int | None]
    once_per_customer: Mapped[bool] = mapped_column(default=False)
    # None: everyone may use it.
    customer_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    # None: it applies to everything.
    product_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    collection_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    parent_id: Mapped[int | None] = mapped_column(index=True)
    # The kinds of discount it tolerates beside it: "order", "product", "shipping".
    combines_with: Mapped[list[str]] = mapped_column(JSON)
    used: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def kind(self) -> str:
        """The class of discount that others agree or refuse to combine with."""
        if self.free_shipping:
            return "shipping"
        return "product" if self.product_ids or self.collection_ids else "order"

    def entitles(self, product: Product) -> bool:
        """Whether it takes something off a product."""
        if self.product_ids:
            return product.id in self.product_ids
        return not self.collection_ids or any(
            collection.id in self.collection_ids for collection in product.collections
        )

    def status(self, at: datetime) -> str:
        """ACTIVE, SCHEDULED or EXPIRED."""
        if self.ends_at is not None and at >= self.ends_at:
            return "EXPIRED"
        return "ACTIVE" if at >= self.starts_at else "SCHEDULED"


def discount_by_code(session: Session, code: str) -> Discount | None:
    """The discount of a code; case makes no difference."""
    wanted = code.strip().lower()
    return session.scalars(
        select(Discount).where(func.lower(Discount.code) == wanted)
    ).one_or_none()


def codes_under(session: Session, discount: Discount) -> list[Discount]:
    """The codes that were added to a discount in bulk, oldest first."""
    query = select(Discount).where(Discount.parent_id == discount.id)
    return list(session.scalars(query.order_by(Discount.id)))


def discounts(session: Session) -> list[Discount]:
    """Every code, newest first."""
    return list(session.scalars(select(Discount).order_by(Discount.id.desc())))


class BulkCreation(Base):
    """One adding of codes: what was asked for, and which of it could not be made."""

    __tablename__ = "bulk_creation"

    id: Mapped[int] = mapped_column(primary_key=True)
    discount_id: Mapped[int]
    codes: Mapped[list[str]] = mapped_column(JSON)
    failed: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
