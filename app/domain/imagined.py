"""An order that nobody has placed, to see by the rules of real ones what it would earn."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.order import Line, Order, Payment
from app.domain.program import Program


def imagined_order(program: Program, lines: Sequence[Line], at: datetime) -> Order:
    """An order of these lines, placed and paid at that moment, of a kind that earns just then.

    Before a program is live only test orders earn, and after it none of them does.
    """
    return Order(
        order_id="",
        name="",
        customer_id="somebody",
        email_hash=None,
        currency=program.currency,
        payment=Payment.PAID,
        placed_at=at,
        paid_at=at,
        updated_at=at,
        test=not program.live,
        lines=tuple(lines),
    )
