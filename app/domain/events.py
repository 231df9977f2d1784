"""What platforms report, in our words: the only form in which a webhook goes any further.

Every event may come twice, late, or in any order; none carries an e-mail address or a name.
"""

from dataclasses import dataclass

from app.domain.order import Order, Refund


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order was placed, paid, edited, canceled, refunded or sent; this is all of it."""

    order: Order


@dataclass(frozen=True, slots=True)
class OrderRefunded:
    """Goods of an order were given back. The order itself may not have been seen yet."""

    order_id: str
    refund: Refund


@dataclass(frozen=True, slots=True)
class OrderTouched:
    """Something of an order changed that was not told in full: it must be read again."""

    order_id: str


@dataclass(frozen=True, slots=True)
class OrderDeleted:
    """An order is gone from the platform."""

    order_id: str


@dataclass(frozen=True, slots=True)
class DiscountDeleted:
    """A discount is gone from the platform, whoever made it; `ref` is its id there."""

    ref: str


@dataclass(frozen=True, slots=True)
class CustomerChanged:
    """A customer exists; `email_hash` is the keyed hash by which guests are recognized."""

    customer_id: str
    email_hash: str | None


@dataclass(frozen=True, slots=True)
class CustomerErased:
    """Forget a person: the platform passes on their wish, or has deleted them."""

    customer_id: str | None
    email_hash: str | None


@dataclass(frozen=True, slots=True)
class CustomersMerged:
    """One customer has taken over another one's orders and points."""

    kept_id: str
    gone_id: str


@dataclass(frozen=True, slots=True)
class CustomerDataRequested:
    """A person asks what we hold; the merchant passes the answer on within thirty days."""

    customer_id: str | None
    email_hash: str | None


@dataclass(frozen=True, slots=True)
class ShopChanged:
    """The shop's own facts: its name, money and clock."""

    name: str
    currency: str
    timezone: str


@dataclass(frozen=True, slots=True)
class ShopLeft:
    """The merchant has uninstalled us."""


@dataclass(frozen=True, slots=True)
class ShopErased:
    """The merchant left some time ago, and everything of theirs must go."""


Event = (
    OrderChanged
    | OrderRefunded
    | OrderTouched
    | OrderDeleted
    | DiscountDeleted
    | CustomerChanged
    | CustomerErased
    | CustomersMerged
    | CustomerDataRequested
    | ShopChanged
    | ShopLeft
    | ShopErased
)
