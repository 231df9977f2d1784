"""Orders with their lines and refunds, all amounts in øre with the tax in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from demoshop.money import tax_in
from demoshop.records.base import Base
from demoshop.records.customer import Customer

GIFT_CARD, STORE_CREDIT = "gift_card", "shopify_store_credit"
"""How the platform names payments with money that it holds itself."""
Payment = dict[str, Any]


class Order(Base):
    """An order; what it is worth follows from its lines and refunds and is never stored."""

    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    email: Mapped[str]
    locale: Mapped[str]
    financial_status: Mapped[str]
    fulfillment_status: Mapped[str | None]
    fulfilled_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    test: Mapped[bool]
    source: Mapped[str]
    gateway: Mapped[str]
    # [{"code", "discount_id", "target", "value_type", "value", "amount_minor"}]
    applied_codes: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    # [{"gateway", "from", "amount_minor"}]: the card or the customer that a part was paid from.
    paid_with: Mapped[list[Payment] | None] = mapped_column(JSON(none_as_null=True))
    shipping_minor: Mapped[int]
    shipping_discount_minor: Mapped[int]
    transaction_id: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # None for what was paid when it was placed, or is not paid yet.
    paid_at: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship(lazy="joined")
    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.id", cascade="all, delete-orphan", lazy="selectin"
    )
    refunds: Mapped[list["Refund"]] = relationship(
        order_by="Refund.id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def name(self) -> str:
        """What people call it."""
        return f"#{self.number}"

    @property
    def gateways(self) -> list[str]:
        """Every way in which it was paid; none but the shop's own money, when that was enough."""
        paid_with = self.paid_with or []
        given = list(dict.fromkeys(str(one["gateway"]) for one in paid_with))
        enough = sum(one["amount_minor"] for one in paid_with) >= self.total_minor
        return given if given and enough else [*given, self.gateway]

    @property
    def fulfillment_id(self) -> int:
        """The id of its only parcel, if it was sent."""
        return self.id + 2_000_000_000_000

    @property
    def goods_minor(self) -> int:
        """The lines after discounts, as placed."""
        return sum(line.net_minor for line in self.lines)

    @property
    def shipping_net_minor(self) -> int:
        """What shipping cost after discounts."""
        return self.shipping_minor - self.shipping_discount_minor

    @property
    def total_minor(self) -> int:
        """Everything, as placed."""
        return self.goods_minor + self.shipping_net_minor

    @property
    def discount_minor(self) -> int:
        """All discounts, shipping's too."""
        return sum(line.discount_minor for line in self.lines) + self.shipping_discount_minor

    @property
    def tax_minor(self) -> int:
        """The tax in the total, as placed."""
        return sum(line.tax_minor for line in self.lines) + tax_in(self.shipping_net_minor)

    @property
    def refunded_goods_minor(self) -> int:
        """The goods that came back, at what they had cost."""
        return sum(part.amount_minor for refund in self.refunds for part in refund.lines)

    @property
    def refunded_shipping_minor(self) -> int:
        """The shipping that was given back."""
        return sum(refund.shipping_minor for refund in self.refunds)

    @property
    def remaining_goods_minor(self) -> int:
        """The goods the customer keeps: what a loyalty program may count."""
        if self.canceled_at is not None or self.financial_status == "voided":
            return 0
        return self.goods_minor - self.refunded_goods_minor

    @property
    def paid(self) -> bool:
        """Money has changed hands."""
        return self.financial_status in ("paid", "partially_refunded", "refunded")

    def refunded_quantity(self, line: "OrderLine") -> int:
        """How many of a line have come back."""
        return sum(
            part.quantity
            for refund in self.refunds
            for part in refund.lines
            if part.line_id == line.id
        )

    def remaining_quantity(self, line: "OrderLine") -> int:
        """How many of a line are still the customer's."""
        return line.quantity - self.refunded_quantity(line)


class OrderLine(Base):
    """So many of one product, at the price of that day."""

    __tablename__ = "order_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"))
    product: Mapped[str]
    quantity: Mapped[int]
    price_minor: Mapped[int]
    # [[index into the order's applied codes, øre], …]
    allocations: Mapped[list[list[int]]] = mapped_column(JSON)

    @property
    def gross_minor(self) -> int:
        """Price times quantity."""
        return self.price_minor * self.quantity

    @property
    def discount_minor(self) -> int:
        """What the codes took off this line."""
        return sum(minor for _, minor in self.allocations)

    @property
    def net_minor(self) -> int:
        """After discounts."""
        return self.gross_minor - self.discount_minor

    @property
    def tax_minor(self) -> int:
        """The tax in it; a gift card is money and bears none."""
        return 0 if self.product == "gift-card" else tax_in(self.net_minor)


class Refund(Base):
    """Goods that came back, and the money that followed if any did."""

    __tablename__ = "refund"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"))
    note: Mapped[str]
    restock_type: Mapped[str]
    shipping_minor: Mapped[int]
    # None when no money moved: an unpaid order that was canceled.
    transaction_id: Mapped[int | None]
    created_at: Mapped[datetime]

    lines: Mapped[list["RefundLine"]] = relationship(
        order_by="RefundLine.id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def goods_minor(self) -> int:
        """The goods of this refund."""
        return sum(part.amount_minor for part in self.lines)


class RefundLine(Base):
    """How many of which line came back, and for how much."""

    __tablename__ = "refund_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id", ondelete="CASCADE"))
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    amount_minor: Mapped[int]
    tax_minor: Mapped[int]

    line: Mapped[OrderLine] = relationship(lazy="joined")


def orders(session: Session) -> list[Order]:
    """Every order, newest first."""
    return list(session.scalars(select(Order).order_by(Order.number.desc())).unique())


def orders_of(session: Session, customer_id: int) -> list[Order]:
    """One customer's orders, newest first."""
    mine = select(Order).where(Order.customer_id == customer_id).order_by(Order.number.desc())
    return list(session.scalars(mine).unique())
