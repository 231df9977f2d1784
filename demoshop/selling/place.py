"""Placing an order: the basket becomes a record and the platform announces it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from demoshop.host.announce import announce
from demoshop.host.payloads.order import order_body
from demoshop.money import amount
from demoshop.records.discount import Discount
from demoshop.records.order import Order, OrderLine
from demoshop.records.setting import next_number, set_setting, setting
from demoshop.selling.price import Buyer, Quote
from demoshop.selling.refusals import Refused

GATEWAYS = {"paid": "nordlys_payments", "authorized": "nordlys_payments", "pending": "bank_deposit"}


@dataclass(frozen=True, slots=True)
class Terms:
    """How an order is paid and where it came from."""

    payment: str = "paid"
    source: str = "web"
    locale: str = "da"
    test: bool = False


def place(session: Session, priced: Quote, buyer: Buyer, terms: Terms, *, at: datetime) -> Order:
    """Record an order, count its codes as used, announce it; payment included if it was made."""
    if terms.payment not in GATEWAYS:
        raise Refused("unknown_payment", f"{terms.payment!r} is not a way to pay here.")
    if not priced.lines:
        raise Refused("empty_basket", "There is nothing in the basket.")
    order = Order(
        id=next_number(session, "order", 5_900_000_000_001),
        number=_next_order_number(session),
        customer_id=buyer.customer.id if buyer.customer else None,
        customer=buyer.customer,
        email=buyer.email,
        locale=terms.locale,
        financial_status=terms.payment,
        test=terms.test,
        source=terms.source,
        gateway="bogus" if terms.test else GATEWAYS[terms.payment],
        applied_codes=[
            _applied(discount, off)
            for discount, off in zip(priced.honored, priced.amounts, strict=True)
        ],
        paid_with=priced.paid_with or None,
        shipping_minor=priced.shipping_minor,
        shipping_discount_minor=priced.shipping_discount_minor,
        transaction_id=next_number(session, "transaction", 7_300_000_000_001),
        created_at=at.replace(microsecond=0),
        updated_at=at.replace(microsecond=0),
        lines=_lines(session, priced),
    )
    session.add(order)
    for discount in priced.honored:
        discount.used += 1
    session.flush()

    topics = ["orders/create", "orders/updated"]
    if terms.payment == "paid":
        topics.insert(1, "orders/paid")
    body = order_body(order)
    announce(session, [(topic, body) for topic in topics], at=at, order_id=order.id)
    return order


def _next_order_number(session: Session) -> int:
    number = int(setting(session, "order_number", 1000)) + 1
    set_setting(session, "order_number", number)
    return number


def _lines(session: Session, priced: Quote) -> list[OrderLine]:
    return [
        OrderLine(
            id=next_number(session, "line", 14_100_000_000_001),
            product=line.product.handle,
            quantity=line.quantity,
            price_minor=line.product.price_minor,
            allocations=allocations,
        )
        for line, allocations in zip(priced.lines, priced.allocations, strict=True)
    ]


def _applied(discount: Discount, off: int) -> dict[str, object]:
    """What the order remembers of a code, so that it stays true if the code changes later."""
    if discount.free_shipping or discount.percentage is not None:
        percent = 100.0 if discount.percentage is None else round(discount.percentage * 100, 4)
        value_type, value = "percentage", str(percent)
    else:
        value_type, value = "fixed_amount", amount(discount.amount_minor or 0)
    return {
        "code": discount.code,
        "discount_id": discount.id,
        "selection": "entitled" if discount.kind == "product" else "all",
        "target": "shipping_line" if discount.free_shipping else "line_item",
        "value_type": value_type,
        "value": value,
        "amount_minor": off,
    }
