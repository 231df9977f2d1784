"""Orders: which of two versions is kept, and what remains after refunds."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.order import Payment, Refund, newest
from tests.builders import a_line, an_order, later, refunded
from tests.databases import NOON


def test_the_newer_version_is_kept_whichever_comes_first():
    old, new = an_order(), later(an_order(), name="#1001-B")

    kept = newest(old, new)

    assert kept == newest(new, old)
    assert kept.name == "#1001-B"


def test_of_two_versions_in_one_second_the_one_further_on_is_kept():
    placed = an_order(payment=Payment.PENDING)
    paid = replace(placed, payment=Payment.PAID)
    canceled = replace(paid, canceled_at=NOON)

    assert newest(placed, paid) == newest(paid, placed)
    assert newest(placed, paid).payment is Payment.PAID
    assert newest(paid, canceled) == newest(canceled, paid)
    assert newest(paid, canceled).canceled_at == NOON


def test_refunds_are_never_forgotten():
    first = replace(an_order(), refunds=(Refund(refund_id="a", lines=(("1", 1),)),))
    second = later(replace(an_order(), refunds=(Refund(refund_id="b", lines=(("1", 1),)),)))

    kept = newest(first, second)

    assert kept == newest(second, first)
    assert [refund.refund_id for refund in kept.refunds] == ["a", "b"]


PLACED = an_order(payment=Payment.PENDING, paid_at=None)
PAID = later(PLACED, 5, payment=Payment.PAID, paid_at=NOON)
"""The platform only knows when it was placed."""
PAID_AGAIN = later(PAID, 60)
EDITED = later(PAID, 30, payment=Payment.PARTIALLY_PAID)


@pytest.mark.parametrize(
    ("versions", "minutes"),
    [
        pytest.param([PLACED], None, id="unpaid"),
        pytest.param([PAID], 0, id="never seen unpaid: as the platform says"),
        pytest.param([PLACED, PAID], 5, id="seen unpaid: when it was first seen paid"),
        pytest.param([PLACED, PAID, PAID_AGAIN], 5, id="and not later"),
        pytest.param([PAID, EDITED], None, id="an edit that must be paid"),
        pytest.param([PAID, EDITED, PAID_AGAIN], 0, id="an edit that was paid: since the first"),
        pytest.param(
            [PLACED, later(PLACED, 3), replace(PAID, paid_at=NOON + timedelta(minutes=4))],
            4,
            id="a platform that knows",
        ),
    ],
)
def test_an_order_counts_from_when_it_was_paid(versions, minutes):
    expected = None if minutes is None else NOON + timedelta(minutes=minutes)

    for told in permutations([*versions, *versions[-1:]]):
        assert reduce(newest, told, None).counts_at == expected


MINUTES = st.integers(0, 9)
A_VERSION = st.builds(
    lambda minutes, payment, paid: later(
        an_order(), minutes, payment=payment, paid_at=NOON + timedelta(minutes=paid)
    ),
    MINUTES,
    st.sampled_from(list(Payment)),
    MINUTES,
)


@given(st.lists(A_VERSION, min_size=1, max_size=5), st.randoms())
def test_which_version_came_first_decides_nothing(versions, chance):
    shuffled = [*versions, chance.choice(versions)]
    chance.shuffle(shuffled)

    assert reduce(newest, shuffled, None) == reduce(newest, versions, None)


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
