"""Where an order's points belong: what remains, what comes back, from when on, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from app.domain.earning import Award
from app.domain.firing import SHIPPING
from app.domain.ledger import Account
from app.domain.order import Payment
from app.domain.program import (
    Availability,
    Expiry,
    ExpiryKind,
    Rounding,
    RoundingPoint,
    SpentReturn,
)
from app.domain.settlement import (
    Standing,
    all_goods_back,
    available_at,
    expires_at,
    inactive_at,
    keeps_entry,
    may_be_inactive_since,
    order_position,
    remaining_share,
    spent_points_back,
    target_points,
)
from tests.builders import a_line, a_program, an_order, refunded
from tests.databases import NOON


def an_award(points=100, weights=(("1", 3), ("2", 1)), **changes):
    """A hundred points, three quarters of them from the first line."""
    return Award(points=points, revision=1, weights=weights, **changes)


def two_lines(**changes):
    """Three pieces for 75 kroner and one for 25."""
    return an_order(lines=(a_line("1", 75_00, 3), a_line("2", 25_00)), **changes)


# What remains of an award.


@pytest.mark.parametrize(
    ("returned", "floor", "half_up", "ceil"),
    [
        pytest.param((), 100, 100, 100, id="nothing"),
        pytest.param((("1", 1),), 75, 75, 75, id="a third of the first line"),
        pytest.param((("1", 2),), 50, 50, 50, id="two thirds of it"),
        pytest.param((("2", 1),), 75, 75, 75, id="the second line"),
        pytest.param((("1", 3), ("2", 1)), 0, 0, 0, id="everything"),
    ],
)
def test_a_refund_leaves_its_share(returned, floor, half_up, ceil):
    order = refunded(two_lines(), lines=returned)

    found = [
        target_points(an_award(), order, a_program(rounding=rounding)) for rounding in Rounding
    ]

    assert found == [floor, half_up, ceil]


def test_a_share_is_rounded_as_the_program_rounds():
    order = refunded(two_lines(), lines=[("1", 1)])

    found = [
        target_points(an_award(points=10), order, a_program(rounding=rounding))
        for rounding in Rounding
    ]

    assert found == [7, 8, 8]


def test_by_line_each_lines_share_is_rounded_for_itself():
    order = refunded(two_lines(), lines=[("1", 1)])
    program = a_program(rounding_point=RoundingPoint.LINE)

    # 11 × 3/4 × 2/3 is 5.5 and 11 × 1/4 is 2.75.
    floor, half_up, ceil = [
        target_points(an_award(points=11), order, replace(program, rounding=rounding))
        for rounding in Rounding
    ]

    assert (floor, half_up, ceil) == (5 + 2, 6 + 3, 6 + 3)


def test_by_line_an_order_never_gives_more_than_its_award():
    program = a_program(rounding_point=RoundingPoint.LINE, rounding=Rounding.CEIL)
    order = two_lines()

    assert target_points(an_award(points=5), order, program) == 5


def test_by_line_what_is_not_a_line_stays():
    order = refunded(two_lines(), lines=[("1", 3)])
    program = a_program(rounding_point=RoundingPoint.LINE)
    award = an_award(weights=(("1", 1), (SHIPPING, 1), ("gone", 2)))

    assert target_points(award, order, program) == 75
    assert target_points(award, order, a_program()) == 75


@pytest.mark.parametrize("point", list(RoundingPoint))
def test_an_award_of_nothing_or_of_a_canceled_order_gives_nothing(point):
    program = a_program(rounding_point=point)

    assert target_points(an_award(0), two_lines(), program) == 0
    assert target_points(an_award(), two_lines(canceled_at=NOON), program) == 0
    assert target_points(an_award(), two_lines(payment=Payment.VOIDED), program) == 0


def test_money_beyond_lines_lowers_the_share_but_not_below_nothing():
    order = refunded(two_lines(), lines=[], extra_minor=25_00)
    more = refunded(order, lines=[("1", 3)], extra_minor=75_00, refund_id="r2")

    assert remaining_share(an_award(), order) == Fraction(3, 4)
    assert remaining_share(an_award(), more) == 0
    assert target_points(an_award(), more, a_program()) == 0


def test_what_nothing_earned_is_all_there():
    assert remaining_share(an_award(weights=()), refunded(two_lines())) == 1


def test_a_line_without_pieces_counts_as_returned():
    order = an_order(lines=(a_line("1", 10_00, 0), a_line("2", 10_00, 2)))

    assert remaining_share(an_award(weights=(("1", 1), ("2", 1))), order) == Fraction(1, 2)


def test_all_goods_are_back_when_every_piece_is():
    assert not all_goods_back(an_order(lines=()))
    assert not all_goods_back(refunded(two_lines(), lines=[("1", 3)]))
    assert all_goods_back(refunded(two_lines(), lines=[("1", 3), ("2", 1)]))


def test_tiers_are_deserved_while_something_stands():
    assert keeps_entry(two_lines())
    assert keeps_entry(refunded(two_lines(), lines=[("1", 3)]))
    assert not keeps_entry(two_lines(canceled_at=NOON))
    assert not keeps_entry(refunded(two_lines(), lines=[("1", 3), ("2", 1)]))


# Where the points are.


def place(order=None, at=NOON, standing=None, **program):
    """The position of a hundred points, without the accounts that hold nothing."""
    found = order_position(
        an_award(), order or two_lines(), a_program(**program), at=at, standing=standing
    )
    assert sum(found.values()) == 0
    return {account: points for account, points in found.items() if points}


def test_a_paid_order_is_available_and_an_unpaid_one_pending():
    unpaid = two_lines(payment=Payment.PENDING, paid_at=None)

    assert place() == {Account.ISSUED: -100, Account.AVAILABLE: 100}
    assert place(unpaid) == {Account.ISSUED: -100, Account.PENDING: 100}


def test_points_wait_until_their_instant_and_not_longer():
    waiting = {"availability": Availability.DAYS_AFTER_PAYMENT, "available_after_days": 3}
    ready = NOON + timedelta(days=3)

    assert Account.PENDING in place(at=ready - timedelta(microseconds=1), **waiting)
    assert Account.AVAILABLE in place(at=ready, **waiting)


def test_expired_points_are_not_taken_back_once_more():
    half = refunded(two_lines(), lines=[("1", 2)])

    assert place(standing=Standing(expired=30)) == {
        Account.ISSUED: -100,
        Account.AVAILABLE: 70,
        Account.EXPIRED: 30,
    }
    assert place(half, standing=Standing(expired=80)) == {
        Account.ISSUED: -100,
        Account.EXPIRED: 50,
        Account.REVERSED: 50,
    }


def test_entry_points_stay_whole_until_all_is_back():
    half = refunded(two_lines(), lines=[("1", 2)])
    all_back = refunded(two_lines(), lines=[("1", 3), ("2", 1)])
    entered = Standing(entry_points=40)

    assert place(half, standing=entered) == {
        Account.ISSUED: -140,
        Account.AVAILABLE: 90,
        Account.REVERSED: 50,
    }
    assert place(all_back, standing=entered) == {Account.ISSUED: -140, Account.REVERSED: 140}


def test_a_wiped_preview_keeps_nothing():
    wiped = Standing(entry_points=40, wiped=True)

    assert place(standing=wiped) == {Account.ISSUED: -140, Account.REVERSED: 140}


# Moments.


def test_when_points_become_available():
    fulfilled_at = NOON + timedelta(days=2)
    order = two_lines(fulfilled_at=fulfilled_at)

    assert available_at(order, a_program()) == NOON
    after = a_program(availability=Availability.DAYS_AFTER_PAYMENT, available_after_days=5)
    assert available_at(order, after) == NOON + timedelta(days=5)
    sent = a_program(availability=Availability.AT_FULFILLMENT)
    assert available_at(order, sent) == fulfilled_at
    assert available_at(two_lines(), sent) is None
    assert available_at(two_lines(payment=Payment.AUTHORIZED), a_program()) is None
    assert available_at(two_lines(paid_at=None), a_program()) is None


DAY = datetime(2026, 1, 31, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "count", "end"),
    [
        (ExpiryKind.NEVER, 3, None),
        (ExpiryKind.INACTIVITY_DAYS, 3, None),
        (ExpiryKind.INACTIVITY_MONTHS, 3, None),
        (ExpiryKind.PER_LOT_DAYS, 3, datetime(2026, 2, 3, 15, 30, tzinfo=UTC)),
        (ExpiryKind.PER_LOT_MONTHS, 1, datetime(2026, 2, 28, 15, 30, tzinfo=UTC)),
        (ExpiryKind.MONTH_END, 1, datetime(2026, 2, 1, tzinfo=UTC)),
        (ExpiryKind.MONTH_END, 3, datetime(2026, 4, 1, tzinfo=UTC)),
        (ExpiryKind.YEAR_END, 3, datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_when_points_end(kind, count, end):
    assert expires_at(Expiry(kind=kind, count=count), DAY, UTC) == end


def test_when_a_whole_balance_ends():
    days = Expiry(kind=ExpiryKind.INACTIVITY_DAYS, count=3)
    months = Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=1)

    assert inactive_at(days, DAY, UTC) == datetime(2026, 2, 3, 15, 30, tzinfo=UTC)
    assert inactive_at(months, DAY, UTC) == datetime(2026, 2, 28, 15, 30, tzinfo=UTC)
    assert inactive_at(Expiry(), DAY, UTC) is None
    assert may_be_inactive_since(days, DAY, UTC) == datetime(2026, 1, 28, 15, 30, tzinfo=UTC)
    assert may_be_inactive_since(months, DAY, UTC) == datetime(2026, 1, 31, 15, 30, tzinfo=UTC)


# What comes back of the points that a code cost.

CODE = "STAM-1"


def discounted(first=10_00, second=0, **changes):
    """Two lines of 50 kroner, with what the code took off each."""
    lines = (
        a_line("1", 50_00, 2, discounts=((CODE, first), ("OTHER", 5_00))),
        a_line("2", 50_00, discounts=((CODE, second),)),
    )
    return an_order(lines=lines, **changes)


def back(order, policy=SpentReturn.PRORATED, cost=300):
    """How much of 300 points comes back."""
    return spent_points_back(cost, CODE, order, policy)


def test_nothing_comes_back_of_an_order_that_is_kept():
    assert [back(discounted(), policy) for policy in SpentReturn] == [0, 0, 0]


def test_points_come_back_with_the_line_that_the_code_lay_on():
    assert back(refunded(discounted(), lines=[("1", 1)])) == 150
    assert back(refunded(discounted(), lines=[("2", 1)])) == 0
    assert back(refunded(discounted(10_00, 30_00), lines=[("2", 1)])) == 225


def test_a_code_that_took_nothing_off_lines_is_measured_by_goods():
    assert back(refunded(discounted(0), lines=[("2", 1)])) == 150
    assert back(refunded(discounted(0), lines=[("1", 1)])) == 75


def test_money_beyond_lines_brings_its_share_back_and_never_more_than_all():
    extra = refunded(discounted(), lines=[], extra_minor=20_00)

    assert back(extra) == 60
    assert back(refunded(extra, lines=[("1", 2)], refund_id="r2")) == 300


def test_a_part_of_a_point_does_not_come_back():
    order = an_order(lines=(a_line("1", 90_00, 3),))

    assert back(refunded(order, lines=[("1", 1)]), cost=10) == 3
    assert back(refunded(order, lines=[("1", 2)]), cost=10) == 6


def test_an_order_of_nothing_brings_nothing_back():
    assert back(refunded(an_order(total_minor=0), lines=[])) == 0
    assert back(refunded(an_order(lines=()), lines=[])) == 0


def test_only_full_waits_for_the_last_piece():
    part = refunded(discounted(), lines=[("1", 2)])

    assert back(part, SpentReturn.ONLY_FULL) == 0
    assert back(part, SpentReturn.NEVER) == 0
    whole = refunded(part, lines=[("2", 1)], refund_id="r2")
    assert [back(whole, policy) for policy in SpentReturn] == [300, 300, 0]


def test_an_order_that_never_came_to_be_gives_all_back_whatever_the_policy():
    canceled = discounted(canceled_at=NOON)
    voided = discounted(payment=Payment.VOIDED)
    paid_back = discounted(payment=Payment.REFUNDED)

    assert [back(canceled, policy) for policy in SpentReturn] == [300, 300, 300]
    assert [back(voided, policy) for policy in SpentReturn] == [300, 300, 300]
    assert [back(paid_back, policy) for policy in SpentReturn] == [300, 300, 0]
