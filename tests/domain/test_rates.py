"""Rates and averages, by the examples that define them."""

from fractions import Fraction

from app.domain.rates import churn, in_money, mean, retention, share


def test_a_thousand_at_the_end_two_hundred_new_nine_hundred_before_are_89_percent():
    kept = retention(at_end=1000, new=200, at_start=900)

    assert round(kept * 100) == 89
    assert kept + churn(at_end=1000, new=200, at_start=900) == 1


def test_nothing_to_measure_is_not_zero():
    assert retention(at_end=5, new=5, at_start=0) is None
    assert churn(at_end=5, new=5, at_start=0) is None
    assert share(0, 0) is None
    assert mean(0, 0) is None


def test_an_average_is_rounded_half_up():
    assert mean(5, 2) == 3
    assert mean(7, 3) == 2
    assert share(1, 3) == Fraction(1, 3)


def test_what_changes_are_worth_adds_up_to_what_is_left():
    # 3 points are worth 10: one by one they would be 3 + 3 + 3 = 9.
    lines = in_money(0, [1, 1, 1], off_minor=10, points=3)

    assert lines == [3, 3, 4]
    assert in_money(3, [-1, -2], off_minor=10, points=3) == [-4, -6]
