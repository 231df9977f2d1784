"""The holdout: who is left out, and how sure a difference between two shares of members is."""

from math import exp, log, sqrt
from random import Random
from statistics import mean, variance

import pytest

from app.domain.holdout import Arm, Sample, arm_of, difference

CUSTOMERS = 4_000
LIVES = 300
HELD_OUT, IN_PROGRAM = 120, 1_080


def held_out(shop, percent):
    """Which of a shop's customers are held out."""
    customers = [str(number) for number in range(CUSTOMERS)]
    return {one for one in customers if arm_of(shop, one, percent) is Arm.HOLDOUT}


def sample(values):
    """What was measured of some members."""
    return Sample(len(values), sum(values), float(sum(value * value for value in values)))


def test_the_same_members_are_held_out_each_time():
    held = held_out("nordlys", 10)

    assert 0.09 < len(held) / CUSTOMERS < 0.11
    assert held == held_out("nordlys", 10) < held_out("nordlys", 20)
    assert held != held_out("another shop", 10)
    assert held_out("nordlys", 0) == set()
    assert arm_of("nordlys", "7", 0) is None


def test_a_sample_knows_its_mean_and_variance():
    values = [0, 0, 12_000, 35_500, 7_250]

    assert sample(values).mean == pytest.approx(mean(values))
    assert sample(values).variance == pytest.approx(variance(values))


def test_an_interval_is_that_of_the_books():
    """By hand: means 14.875 and 10.1667, errors 1.1585 and 1.4278, so 11.158 degrees of freedom;
    Student's density integrated to 0.975 gives 2.1972 there."""
    few, others = [12, 15, 11, 18, 20, 14, 16, 13], [9, 12, 8, 15, 7, 10]

    found = difference(sample(few), sample(others))

    assert found.value == pytest.approx(4.70833, abs=0.0001)
    assert (found.low, found.high) == pytest.approx((1.17486, 8.24180), abs=0.001)
    assert found.is_clear
    assert not difference(sample(few), sample([*others, 40])).is_clear


def test_samples_that_all_say_the_same_leave_no_doubt():
    found = difference(sample([3, 3, 3]), sample([1, 1, 1]))

    assert (found.low, found.value, found.high) == (2, 2, 2)
    assert found.is_clear


def spent(chance, share):
    """What a member spends: most nothing, some a lot, as in a shop."""
    return round(chance.lognormvariate(log(60_000), 0.6)) if chance.random() < share else 0


@pytest.mark.parametrize(
    ("share", "share_held_out"),
    [pytest.param(0.30, 0.30, id="no effect"), pytest.param(0.40, 0.30, id="a known effect")],
)
def test_the_interval_holds_the_truth_nearly_as_often_as_it_says(share, share_held_out):
    """Of 300 shops whose effect is known, about 95 in 100 have it within their interval."""
    truth = (share - share_held_out) * 60_000 * exp(0.6**2 / 2)
    held_true = 0
    for seed in range(LIVES):
        chance = Random(seed)
        members = sample([spent(chance, share) for _ in range(IN_PROGRAM)])
        others = sample([spent(chance, share_held_out) for _ in range(HELD_OUT)])
        found = difference(members, others)
        held_true += found.low <= truth <= found.high

    assert 0.92 <= held_true / LIVES <= 0.98


@pytest.mark.parametrize(
    ("values", "quantile"), [([0, 1], 4.17121), ([0, 1, 2], 2.76937), ([0, 1, 2, 3, 4], 2.30559)]
)
def test_few_members_make_a_wide_interval(values, quantile):
    """By the series at 2, 4 and 8 degrees of freedom; the tables have 4.303, 2.776 and 2.306."""
    found = difference(sample(values), sample(values))

    assert found.high == pytest.approx(quantile * sqrt(2 * variance(values) / len(values)), 1e-5)
    assert found.low == -found.high
