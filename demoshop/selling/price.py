"""What a basket costs, and which of the codes offered it honors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from demoshop.money import minor, ratio, share
from demoshop.products import Product
from demoshop.records.customer import Customer
from demoshop.records.discount import Discount, discount_by_code
from demoshop.records.gift import GiftCard, gift_card_by_code
from demoshop.records.order import Order, Payment
from demoshop.selling.gifts import payments, why_not_card

SHIPPING_MINOR = 49_00


@dataclass(frozen=True, slots=True)
class BasketLine:
    """So many of one product."""

    product: Product
    quantity: int

    @property
    def gross_minor(self) -> int:
        """Price times quantity."""
        return self.product.price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who is buying; a guest is only an e-mail address."""

    customer: Customer | None
    email: str


@dataclass(slots=True)
class Quote:
    """A priced basket: codes honored, codes refused and why, and what each line bears."""

    lines: Sequence[BasketLine]
    shipping_minor: int
    honored: list[Discount] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    allocations: list[list[list[int]]] = field(default_factory=list)
    shipping_discount_minor: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    cards: list[GiftCard] = field(default_factory=list)
    paid_with: list[Payment] = field(default_factory=list)

    @property
    def gross_minor(self) -> int:
        """The goods before discounts."""
        return sum(line.gross_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        """What the codes take off the goods."""
        return sum(minor for line in self.allocations for _, minor in line)

    @property
    def total_minor(self) -> int:
        """What there is to pay."""
        shipping = self.shipping_minor - self.shipping_discount_minor
        return self.gross_minor - self.discount_minor + shipping

    @property
    def due_minor(self) -> int:
        """What is left to pay in another way."""
        return self.total_minor - sum(int(one["amount_minor"]) for one in self.paid_with)


def quote(
    session: Session,
    lines: Sequence[BasketLine],
    codes: Sequence[str],
    buyer: Buyer,
    *,
    at: datetime,
    store_credit: bool = False,
) -> Quote:
    """Price a basket. Codes are tried in order; one that is refused does not stop the others.

    The code of a gift card is a payment, and so is the buyer's store credit, if they want that.
    """
    ships = any(not line.product.gift_card for line in lines)
    priced = Quote(lines, SHIPPING_MINOR if ships else 0)
    priced.allocations = [[] for _ in lines]
    for code in dict.fromkeys(code.strip() for code in codes if code.strip()):
        card = gift_card_by_code(session, code)
        if card is not None:
            no = why_not_card(session, card, at=at)
            priced.refused += [{"code": code, "reason": no}] if no else []
            priced.cards += [] if no else [card]
            continue
        discount = discount_by_code(session, code)
        reason = why_not(session, discount, priced, buyer, at)
        if reason or discount is None:
            priced.refused.append({"code": code, "reason": reason or "unknown"})
        else:
            _apply(discount, priced)
    credit_of = buyer.customer.id if buyer.customer is not None and store_credit else None
    priced.paid_with = payments(session, priced.cards, credit_of, priced.total_minor, at=at)
    return priced


def why_not(
    session: Session, discount: Discount | None, priced: Quote, buyer: Buyer, at: datetime
) -> str:
    """The first reason not to honor a code; empty if there is none."""
    if discount is None:
        return "unknown"
    reasons = _reasons(session, discount, priced, buyer, at)
    return next((reason for holds, reason in reasons if holds), "")


def _reasons(
    session: Session, discount: Discount, priced: Quote, buyer: Buyer, at: datetime
) -> Iterator[tuple[bool, str]]:
    """Every reason in the order a shopper would want to hear them, looked into one by one."""
    mine, only_for = buyer.customer, discount.customer_ids
    pieces = sum(line.quantity for line in priced.lines)
    status = discount.status(at)
    yield status == "EXPIRED", "expired"
    yield status == "SCHEDULED", "not_started"
    yield discount.usage_limit is not None and discount.used >= discount.usage_limit, "used_up"
    yield only_for is not None and mine is None, "log_in"
    yield only_for is not None and mine is not None and mine.id not in only_for, "not_yours"
    yield discount.once_per_customer and _has_used(session, discount, buyer), "already_used"
    yield priced.gross_minor < (discount.minimum_minor or 0), "minimum_not_met"
    yield pieces < (discount.minimum_quantity or 0), "minimum_not_met"
    yield not all(_tolerate(discount, other) for other in priced.honored), "not_combinable"
    left = priced.shipping_minor if discount.free_shipping else sum(_entitled(discount, priced))
    yield left <= 0, "nothing_to_discount"


def _tolerate(one: Discount, other: Discount) -> bool:
    return other.kind in one.combines_with and one.kind in other.combines_with


def _has_used(session: Session, discount: Discount, buyer: Buyer) -> bool:
    mine = Order.email == buyer.email
    if buyer.customer is not None:
        mine = Order.customer_id == buyer.customer.id
    return any(
        applied["discount_id"] == discount.id
        for order in session.scalars(select(Order).where(mine)).unique()
        for applied in order.applied_codes
    )


def _entitled(discount: Discount, priced: Quote) -> list[int]:
    """What of each line a code can still take off; gift cards are never discounted."""
    taken = [sum(minor for _, minor in allocations) for allocations in priced.allocations]
    return [
        line.gross_minor - already
        if discount.entitles(line.product) and not line.product.gift_card
        else 0
        for line, already in zip(priced.lines, taken, strict=True)
    ]


def _apply(discount: Discount, priced: Quote) -> None:
    index = len(priced.honored)
    priced.honored.append(discount)
    if discount.free_shipping:
        priced.shipping_discount_minor = priced.shipping_minor
        priced.amounts.append(priced.shipping_minor)
        return
    entitled = _entitled(discount, priced)
    if discount.percentage is not None:
        off = ratio(sum(entitled), minor(discount.percentage * 100), 100_00)
    else:
        off = min(discount.amount_minor or 0, sum(entitled))
    priced.amounts.append(off)
    for line, part in zip(priced.allocations, share(off, entitled), strict=True):
        if part:
            line.append([index, part])
