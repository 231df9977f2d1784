"""Segments: where members are in their life with the shop, and who belongs to which group."""

from datetime import timedelta

import pytest

from app.domain.errors import InvalidProgram
from app.domain.segments import History, Segment, Stage, Stages, stage_of
from tests.databases import NOON

STAGES = Stages(loyal_orders=3, at_risk_days=100, lost_days=200)


def bought(*days_ago, minor=100_00, **facts):
    """Somebody who bought so many days ago, each time for so much."""
    orders = sorted(NOON - timedelta(days=days) for days in days_ago)
    return History(tuple((placed_at, minor) for placed_at in orders), **facts)


@pytest.mark.parametrize(
    ("history", "stage"),
    [
        (bought(), Stage.PROSPECT),
        (bought(is_ambassador=True), Stage.PROSPECT),
        (bought(1), Stage.FIRST_TIME),
        (bought(2, 1), Stage.RETURNING),
        (bought(3, 2, 1), Stage.LOYAL),
        (bought(1, is_ambassador=True), Stage.AMBASSADOR),
        (bought(99), Stage.FIRST_TIME),
        (bought(100), Stage.AT_RISK),
        (bought(3 * 100, 150), Stage.AT_RISK),
        (bought(199, is_ambassador=True), Stage.AT_RISK),
        (bought(200), Stage.LOST),
        (bought(500, 400, 300), Stage.LOST),
        (bought(500, 5), Stage.RETURNING),
    ],
)
def test_the_last_order_says_more_than_how_many_there_were(history, stage):
    assert stage_of(history, STAGES, at=NOON) is stage


def test_who_says_nothing_is_loyal_at_four_at_risk_after_120_days_and_lost_after_a_year():
    assert stage_of(bought(4, 3, 2), Stages(), at=NOON) is Stage.RETURNING
    assert stage_of(bought(4, 3, 2, 1), Stages(), at=NOON) is Stage.LOYAL
    assert stage_of(bought(119), Stages(), at=NOON) is Stage.FIRST_TIME
    assert stage_of(bought(120), Stages(), at=NOON) is Stage.AT_RISK
    assert stage_of(bought(364), Stages(), at=NOON) is Stage.AT_RISK
    assert stage_of(bought(365), Stages(), at=NOON) is Stage.LOST


@pytest.mark.parametrize(
    "settings",
    [
        {"loyal_orders": 1},
        {"at_risk_days": 0},
        {"at_risk_days": 200, "lost_days": 200},
        {"at_risk_days": 300, "lost_days": 200},
    ],
)
def test_stages_come_one_after_the_other(settings):
    with pytest.raises(InvalidProgram):
        Stages(**settings)


def test_the_least_settings_are_settings():
    assert Stages(loyal_orders=2, at_risk_days=1, lost_days=2).lost_days == 2


@pytest.mark.parametrize(
    ("settings", "history", "belongs"),
    [
        ({}, bought(), True),
        ({"stages": frozenset({Stage.LOYAL})}, bought(3, 2, 1), True),
        ({"stages": frozenset({Stage.LOYAL})}, bought(2, 1), False),
        ({"least_orders": 2}, bought(1), False),
        ({"least_orders": 2}, bought(2, 1), True),
        ({"most_orders": 2}, bought(2, 1), True),
        ({"most_orders": 2}, bought(3, 2, 1), False),
        ({"least_spend_minor": 200_00}, bought(2, 1), True),
        ({"least_spend_minor": 200_01}, bought(2, 1), False),
        ({"most_spend_minor": 200_00}, bought(2, 1), True),
        ({"most_spend_minor": 199_99}, bought(2, 1), False),
        ({"bought_within_days": 10}, bought(10), True),
        ({"bought_within_days": 10}, bought(11), False),
        ({"bought_within_days": 10}, bought(), False),
        ({"not_bought_for_days": 10}, bought(10), True),
        ({"not_bought_for_days": 10}, bought(9), False),
        ({"not_bought_for_days": 10}, bought(), False),
        ({"least_orders": 1, "bought_within_days": 10}, bought(50), False),
        ({"least_orders": 2, "bought_within_days": 10}, bought(5), False),
        ({"bought_within_days": 10, "not_bought_for_days": 3}, bought(5), True),
        ({"bought_within_days": 10, "not_bought_for_days": 6}, bought(5), False),
    ],
)
def test_a_segment_asks_for_every_condition_it_sets(settings, history, belongs):
    assert Segment(code="some", **settings).has(history, STAGES, at=NOON) is belongs


def test_spend_is_all_that_was_bought():
    assert bought(3, 2, 1, minor=12_34).spend_minor == 37_02
