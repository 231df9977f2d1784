"""Orders: which of two versions is kept, and what remains after refunds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.order import Payment, Refund, newest
from tests.builders import a_line, an_order, later, refunded
from tests.databases import NOON


def test_the_newer_version_is_kept_whichever_comes_first():
    old, new = an_order(), later(an_order())

    assert newest(old, new) == newest(new, old) == new


def test_of_two_versions_in_one_second_the_one_further_on_is_kept():
    placed = an_order(payment=Payment.PENDING)
    paid = replace(placed, payment=Payment.PAID)
    canceled = replace(paid, canceled_at=NOON)

    assert newest(placed, paid) == newest(paid, placed) == paid
    assert newest(paid, canceled) == newest(canceled, paid) == canceled


def test_refunds_are_never_forgotten():
    first = replace(an_order(), refunds=(Refund(refund_id="a", lines=(("1", 1),)),))
    second = later(replace(an_order(), refunds=(Refund(refund_id="b", lines=(("1", 1),)),)))

    kept = newest(first, second)

    assert kept == newest(second, first)
    assert [refund.refund_id for refund in kept.refunds] == ["a", "b"]


@pytest.mark.parametrize(
    ("order", "remaining"),
    [
        pytest.param(an_order(), 120_00, id="nothing back"),
        pytest.param(refunded(an_order()), 0, id="all back"),
        pytest.param(
            refunded(an_order(lines=(a_line(quantity=3, total_minor=100_00),))), 66_67, id="a third"
        ),
        pytest.param(refunded(an_order(), [], extra_minor=20_00), 100_00, id="money only"),
        pytest.param(
            an_order(lines=(a_line(quantity=2, current_quantity=1),)), 60_00, id="edited away"
        ),
        pytest.param(an_order(canceled_at=NOON + timedelta(days=1)), 0, id="canceled"),
        pytest.param(an_order(payment=Payment.VOIDED), 0, id="voided"),
        pytest.param(an_order(lines=(a_line(quantity=0),)), 0, id="a line of nothing"),
    ],
)
def test_what_remains_of_an_order(order, remaining):
    assert order.remaining_minor == remaining
