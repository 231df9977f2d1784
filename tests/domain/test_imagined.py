"""An order that nobody has placed earns what a real one of the same lines would."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.imagined import imagined_order
from app.domain.order import Order, Payment
from app.domain.templates import points_and_tiers
from tests.builders import a_line

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("live", [True, False])
def test_it_is_paid_now_and_of_the_kind_that_earns_now(live):
    program = replace(points_and_tiers("DKK"), live=live)
    line = a_line()

    order = imagined_order(program, [line], NOON)

    assert order == Order(
        order_id="",
        name="",
        customer_id="somebody",
        email_hash=None,
        currency="DKK",
        payment=Payment.PAID,
        placed_at=NOON,
        paid_at=NOON,
        updated_at=NOON,
        test=not live,
        lines=(line,),
    )
