"""An order as we know it: what was bought, paid and given back, in the words of loyalty.

All money is in minor units of the shop's own currency, tax included, after discounts.
Nothing here says who the customer is beyond the platform's id and a keyed hash of the e-mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Payment(StrEnum):
    """How far an order has been paid, as the platform says (Shopify: `financial_status`)."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    EXPIRED = "expired"

    @property
    def has_paid(self) -> bool:
        """Whether all the money came in at some time."""
        return self in (Payment.PAID, Payment.PARTIALLY_REFUNDED, Payment.REFUNDED)

    @property
    def is_over(self) -> bool:
        """Whether nothing of the order stands any more."""
        return self in (Payment.VOIDED, Payment.EXPIRED, Payment.REFUNDED)


class Source(StrEnum):
    """Where an order was placed."""

    WEB = "web"
    POS = "pos"
    DRAFT = "draft"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an order: `quantity` pieces that cost `total_minor` together.

    `current_quantity` is what remains after edits and returns, where the platform tells it.
    Tags, collections and category come from the platform's catalog, when a program asks for them.
    `discounts` holds how much of which code was taken off this line: ("STAM-…", 1500).
    """

    line_id: str
    title: str = ""
    product_id: str = ""
    sku: str = ""
    vendor: str = ""
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    category: str = ""
    quantity: int
    current_quantity: int
    total_minor: int
    tax_minor: int = 0
    gift_card: bool = False
    discounts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """What one refund gave back: pieces of lines, and money beyond them.

    `extra_minor` is goods money that was returned without naming a line (a manual amount).
    """

    refund_id: str
    lines: tuple[tuple[str, int], ...] = ()
    extra_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The newest whole version of an order that the platform has told us.

    `paid_at` is when the platform says that it was paid; some only know when it was placed. So the
    first versions that were not paid yet, and that were, are remembered by the platform's clock.
    """

    order_id: str
    name: str
    customer_id: str | None
    email_hash: str | None
    currency: str
    payment: Payment
    placed_at: datetime
    paid_at: datetime | None
    updated_at: datetime
    canceled_at: datetime | None = None
    fulfilled_at: datetime | None = None
    test: bool = False
    source: Source = Source.WEB
    lines: tuple[Line, ...] = ()
    shipping_minor: int = 0
    shipping_tax_minor: int = 0
    codes: tuple[str, ...] = ()
    refunds: tuple[Refund, ...] = ()
    first_unpaid_at: datetime | None = None
    first_paid_at: datetime | None = None

    @property
    def counts_at(self) -> datetime | None:
        """When all the money came in, as far as anybody can tell; None until it has.

        An order that was unpaid when the platform says it was paid was paid by the version that
        was the first to say so.
        """
        if not self.payment.has_paid or self.paid_at is None:
            return None
        unpaid_at, seen_at = self.first_unpaid_at, self.first_paid_at
        if unpaid_at is None or seen_at is None:
            return self.paid_at
        return seen_at if self.paid_at <= unpaid_at <= seen_at else self.paid_at

    @property
    def stands(self) -> bool:
        """Whether there is anything left to give points for."""
        return self.canceled_at is None and not self.payment.is_over

    def remaining_quantity(self, line: Line) -> int:
        """Pieces of a line that were neither returned nor edited away.

        A refund may reach us before or after the version of the order that has it, so the smaller
        of both answers is the newer one.
        """
        returned = sum(
            quantity
            for refund in self.refunds
            for line_id, quantity in refund.lines
            if line_id == line.line_id
        )
        return max(0, min(line.current_quantity, line.quantity - returned))

    @property
    def extra_refunded_minor(self) -> int:
        """Goods money given back without naming a line."""
        return sum(refund.extra_minor for refund in self.refunds)

    @property
    def remaining_minor(self) -> int:
        """What the customer still has and has not been paid back for, tax included.

        The part of a line that was returned is rounded half up, as platforms pay it back.
        """
        if not self.stands:
            return 0
        kept = sum(line.total_minor - self._returned_minor(line) for line in self.lines)
        return max(0, kept - self.extra_refunded_minor)

    def _returned_minor(self, line: Line) -> int:
        if not line.quantity:
            return line.total_minor
        returned = line.quantity - self.remaining_quantity(line)
        return (2 * line.total_minor * returned + line.quantity) // (2 * line.quantity)


def newest(known: Order | None, told: Order) -> Order:
    """The version to keep of two: by the platform's clock, then the one that is further on.

    The platform's clock has whole seconds, so a placed and a paid version may carry the same one.
    Refunds are never forgotten: both versions' are kept. The answer does not depend on which of
    the two came first, and keeping a version twice changes nothing.
    """
    if known is None:
        return _seen(told, (told,))
    winner = max(known, told, key=_progress)
    kept = with_refunds(winner, (*known.refunds, *told.refunds))
    return _seen(kept, (known, told))


def _seen(order: Order, versions: Iterable[Order]) -> Order:
    """The order, knowing when the first of these versions was unpaid, and when one was paid."""
    unpaid, paid = [], []
    for one in versions:
        unpaid += [one.first_unpaid_at, None if one.payment.has_paid else one.updated_at]
        paid += [one.first_paid_at, one.updated_at if one.payment.has_paid else None]
    first_unpaid_at = min(filter(None, unpaid), default=None)
    first_paid_at = min(filter(None, paid), default=None)
    if (first_unpaid_at, first_paid_at) == (order.first_unpaid_at, order.first_paid_at):
        return order
    return replace(order, first_unpaid_at=first_unpaid_at, first_paid_at=first_paid_at)


def with_refunds(order: Order, refunds: Iterable[Refund]) -> Order:
    """The order with these refunds among its own, each once."""
    more = sorted(refunds, key=repr)
    if not more and len(order.refunds) <= 1:
        return order
    by_id = {refund.refund_id: refund for refund in more}
    by_id |= {refund.refund_id: refund for refund in order.refunds}
    return replace(order, refunds=tuple(by_id[key] for key in sorted(by_id)))


_STEPS = list(Payment)


def _progress(order: Order) -> tuple[datetime, bool, int, str]:
    return (
        order.updated_at,
        order.canceled_at is not None,
        _STEPS.index(order.payment),
        repr(replace(order, refunds=(), first_unpaid_at=None, first_paid_at=None)),
    )
