"""Refunds: goods come back, and the money they had cost with them.

What a line has returned in all is a share of what it cost, rounded once; a refund pays the
difference to what was paid before. However a line is split, its last piece takes the remainder.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from demoshop.host.payloads.refund import refund_body
from demoshop.money import ratio
from demoshop.records.order import Order, OrderLine, Refund, RefundLine
from demoshop.records.setting import next_number
from demoshop.selling.change import tell, touch
from demoshop.selling.refusals import Refused


def refund(
    session: Session,
    order: Order,
    quantities: Mapping[int, int],
    *,
    shipping: bool = False,
    note: str = "",
    at: datetime,
) -> Refund:
    """Take back so many of these lines, shipping too if asked, and announce it."""
    if order.canceled_at is not None:
        raise Refused("canceled", f"Order {order.name} is canceled already.")
    made = give_back(session, order, quantities, shipping=shipping, note=note, at=at)
    touch(order, at)
    announcement: list[tuple[str, dict[str, Any]]] = [("refunds/create", refund_body(order, made))]
    tell(session, order, ["orders/updated"], at=at, first=announcement)
    return made


def refund_rest(session: Session, order: Order, *, note: str = "", at: datetime) -> Refund:
    """Take back everything that has not come back yet."""
    return refund(session, order, remaining(order), shipping=True, note=note, at=at)


def remaining(order: Order) -> dict[int, int]:
    """The quantities still with the customer, by line."""
    left = {line.id: order.remaining_quantity(line) for line in order.lines}
    return {line_id: quantity for line_id, quantity in left.items() if quantity}


def give_back(
    session: Session,
    order: Order,
    quantities: Mapping[int, int],
    *,
    shipping: bool,
    note: str,
    restock_type: str = "return",
    at: datetime,
) -> Refund:
    """Record a refund without announcing it; canceling an order does the same with other words."""
    lines = {line.id: line for line in order.lines}
    for line_id, quantity in quantities.items():
        if line_id not in lines:
            raise Refused("unknown_line", f"Order {order.name} has no line {line_id}.")
        if not 0 < quantity <= order.remaining_quantity(lines[line_id]):
            raise Refused("too_many", f"{quantity} of line {line_id} cannot come back.")
    shipping_back = order.shipping_net_minor - order.refunded_shipping_minor if shipping else 0
    if not quantities and not shipping and remaining(order):
        raise Refused("nothing_chosen", f"Say how many pieces of order {order.name} come back.")
    if not quantities and not shipping_back:
        raise Refused("nothing_left", f"Nothing of order {order.name} is left to refund.")

    parts = [_part(session, order, lines[key], count) for key, count in quantities.items()]
    money = order.paid and (shipping_back or any(part.amount_minor for part in parts))
    made = Refund(
        id=next_number(session, "refund", 880_000_000_001),
        note=note,
        restock_type=restock_type,
        shipping_minor=shipping_back,
        transaction_id=next_number(session, "transaction", 7_300_000_000_001) if money else None,
        created_at=at.replace(microsecond=0),
        lines=parts,
    )
    order.refunds.append(made)
    if order.paid:
        back = order.refunded_goods_minor + order.refunded_shipping_minor
        order.financial_status = "refunded" if back >= order.total_minor else "partially_refunded"
    session.flush()
    return made


def _part(session: Session, order: Order, line: OrderLine, quantity: int) -> RefundLine:
    before = order.refunded_quantity(line)
    return RefundLine(
        id=next_number(session, "refund_line", 390_000_000_001),
        line_id=line.id,
        line=line,
        quantity=quantity,
        amount_minor=_between(line.net_minor, before, quantity, line.quantity),
        tax_minor=_between(line.tax_minor, before, quantity, line.quantity),
    )


def _between(total: int, before: int, quantity: int, whole: int) -> int:
    return ratio(total, before + quantity, whole) - ratio(total, before, whole)
