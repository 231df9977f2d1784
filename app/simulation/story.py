"""What happens in a simulated year: who buys what and when, who sends it back, and who joins.

Everything follows from the seed. It is only the platform's side: what the points do about it, and
who spends them, shows when the year is lived.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from app.domain.order import Line, Order, Payment, Refund

DAYS = 365
REFUNDED = 0.12
CANCELED = 0.03
PAID_LATER = 0.05
GUESTS = 0.10
"""The share of customers who buy as guests first; two of three of them join later."""
TOLD_TWICE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large the shop is, and which of all possible years it lives."""

    customers: int = 2000
    orders: int = 10_000
    seed: int = 1
    currency: str = "DKK"
    begins_at: datetime


class Step(StrEnum):
    """What can become of an order after it was placed."""

    PLACED = "placed"
    PLACED_UNPAID = "placed_unpaid"
    PAID = "paid"
    PART_BACK = "part_back"
    ALL_BACK = "all_back"
    CANCELED = "canceled"
    TOLD_AGAIN = "told_again"


@dataclass(frozen=True, slots=True, order=True)
class Happening:
    """Something that happens to an order, or, without a step, a guest who joins."""

    at: datetime
    number: int
    step: Step | None
    customer: int


@dataclass(slots=True)
class Shopper:
    """One customer: how eagerly they buy, and from when on the platform knows them."""

    number: int
    eagerness: float
    joins_at: datetime | None

    @property
    def customer_id(self) -> str:
        """How the platform names them."""
        return f"{self.number + 1}"

    @property
    def email_hash(self) -> str:
        """The keyed hash by which a guest is recognized."""
        return f"{self.number + 1:064x}"

    def is_guest(self, at: datetime) -> bool:
        """Whether they have not joined yet."""
        return self.joins_at is not None and at < self.joins_at


def shoppers(scale: Scale, chance: Random) -> list[Shopper]:
    """The customers; a few of them buy much."""
    found = []
    for number in range(scale.customers):
        joins_at = None
        if chance.random() < GUESTS:
            joins = chance.random() < 2 / 3
            after = chance.uniform(30, DAYS - 30) if joins else DAYS * 10
            joins_at = scale.begins_at + timedelta(days=after)
        found.append(Shopper(number, chance.paretovariate(1.3), joins_at))
    return found


def happenings(scale: Scale, people: list[Shopper], chance: Random) -> list[Happening]:
    """All that the platform would tell of a year, in the order of time."""
    ends_at = scale.begins_at + timedelta(days=DAYS)
    found = [
        Happening(one.joins_at, -1, None, one.number)
        for one in people
        if one.joins_at is not None and one.joins_at < ends_at
    ]
    buyers = chance.choices(people, [one.eagerness for one in people], k=scale.orders)
    refunded = set(chance.sample(range(scale.orders), round(scale.orders * REFUNDED)))
    seconds = DAYS * 86_400
    placed = sorted(chance.randrange(seconds) for _ in range(scale.orders))
    for number, (buyer, second) in enumerate(zip(buyers, placed, strict=True)):
        at = scale.begins_at + timedelta(seconds=second)
        steps = _steps(at, number in refunded, chance)
        found += [Happening(moment, number, step, buyer.number) for moment, step in steps]
    return sorted(one for one in found if one.at < ends_at)


def _steps(at: datetime, is_refunded: bool, chance: Random) -> list[tuple[datetime, Step]]:
    """What becomes of one order; everything after its placement may fall out of the year."""
    if not is_refunded and chance.random() < CANCELED:
        canceled_at = at + timedelta(hours=chance.uniform(1, 48))
        placed = chance.choice((Step.PLACED, Step.PLACED_UNPAID))
        return [(at, placed), (canceled_at, Step.CANCELED)]
    if chance.random() < PAID_LATER:
        paid_at = at + timedelta(hours=chance.uniform(2, 120))
        found = [(at, Step.PLACED_UNPAID), (paid_at, Step.PAID)]
    else:
        paid_at = at
        found = [(at, Step.PLACED)]
    if is_refunded:
        back_at = paid_at + timedelta(days=chance.uniform(2, 40))
        kind = chance.random()
        if kind < 0.7:
            found.append((back_at, Step.PART_BACK))
        if kind > 0.6:
            found.append((back_at + timedelta(days=3), Step.ALL_BACK))
    if chance.random() < TOLD_TWICE:
        found.append((paid_at + timedelta(minutes=chance.uniform(1, 3000)), Step.TOLD_AGAIN))
    return found


def basket(scale: Scale, happening: Happening, buyer: Shopper, code: str | None) -> Order:
    """The order as it is placed; a code takes a tenth off each line."""
    chance = Random(f"{scale.seed}:{happening.number}")  # noqa: S311 (nothing here is a secret)
    lines = []
    for place in range(chance.choice((1, 1, 1, 2, 2, 3))):
        quantity = chance.choice((1, 1, 1, 2, 3))
        total_minor = quantity * chance.randrange(49_00, 600_00)
        off_minor = total_minor // 10 if code is not None else 0
        lines.append(
            Line(
                line_id=f"{happening.number}-{place}",
                product_id=f"{chance.randrange(300)}",
                vendor=chance.choice(("Nord", "Fjord", "Hav")),
                quantity=quantity,
                current_quantity=quantity,
                total_minor=total_minor - off_minor,
                tax_minor=(total_minor - off_minor) // 5,
                discounts=((code, off_minor),) if code is not None else (),
            )
        )
    is_guest = buyer.is_guest(happening.at)
    is_paid = happening.step is Step.PLACED
    return Order(
        order_id=f"{happening.number + 1}",
        name=f"#{happening.number + 1001}",
        customer_id=None if is_guest else buyer.customer_id,
        email_hash=buyer.email_hash,
        currency=scale.currency,
        payment=Payment.PAID if is_paid else Payment.PENDING,
        placed_at=happening.at,
        paid_at=happening.at if is_paid else None,
        updated_at=happening.at,
        lines=tuple(lines),
        shipping_minor=49_00,
        codes=(code,) if code is not None else (),
    )


def after(order: Order, step: Step, at: datetime) -> Order:
    """The next version of an order."""
    match step:
        case Step.PAID:
            return replace(order, payment=Payment.PAID, paid_at=at, updated_at=at)
        case Step.CANCELED:
            return replace(order, canceled_at=at, updated_at=at)
        case Step.PART_BACK:
            return _given_back(order, {order.lines[0].line_id: 1}, at)
        case Step.ALL_BACK:
            rest = {line.line_id: order.remaining_quantity(line) for line in order.lines}
            return _given_back(order, rest, at)
    return order


def _given_back(order: Order, pieces: dict[str, int], at: datetime) -> Order:
    lines = tuple((line_id, count) for line_id, count in pieces.items() if count)
    refund = Refund(refund_id=f"{order.order_id}-{len(order.refunds) + 1}", lines=lines)
    changed = replace(order, refunds=(*order.refunds, refund), updated_at=at)
    is_over = not any(changed.remaining_quantity(line) for line in changed.lines)
    payment = Payment.REFUNDED if is_over else Payment.PARTIALLY_REFUNDED
    return replace(changed, payment=payment)
