"""Tiers: rising is immediate, falling waits for what the program promises."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import InvalidProgram
from app.domain.text import text
from app.domain.tiers import Loss, Standing, Tier, Tiers, Window, standing_after, window_start

START = datetime(2024, 4, 15, tzinfo=UTC)


def a_tier(code, threshold):
    return Tier(code=code, name=text(code.title()), threshold=threshold)


def some_tiers(**changes):
    ladder = (a_tier("bronze", 0), a_tier("silver", 10_000), a_tier("gold", 20_000))
    return Tiers(ladder=ladder, **{"grace_days": 0} | changes)


@pytest.mark.parametrize(
    ("measured", "tier"),
    [(0, "bronze"), (9_999, "bronze"), (10_000, "silver"), (25_000, "gold"), (-5, "bronze")],
)
def test_the_highest_threshold_that_is_met_is_the_tier(measured, tier):
    assert some_tiers().reached(measured).code == tier


@pytest.mark.parametrize(
    "ladder",
    [
        pytest.param((a_tier("silver", 100),), id="no entry tier"),
        pytest.param((a_tier("a", 0), a_tier("b", 0)), id="two at one threshold"),
        pytest.param((a_tier("a", 0), a_tier("c", 9), a_tier("b", 5)), id="out of order"),
        pytest.param((a_tier("a", 0), a_tier("a", 5)), id="one code twice"),
    ],
)
def test_tiers_must_climb_from_zero(ladder):
    with pytest.raises(InvalidProgram):
        Tiers(ladder=ladder)


def test_a_rise_restarts_the_months():
    tiers = some_tiers()
    silver = standing_after(tiers, Standing(None, None), 10_000, zone=UTC, at=START)
    gold = standing_after(tiers, silver, 20_000, zone=UTC, at=datetime(2024, 10, 25, tzinfo=UTC))

    assert gold.due_at == datetime(2025, 10, 25, tzinfo=UTC)
    assert standing_after(tiers, gold, 0, zone=UTC, at=gold.due_at - timedelta(seconds=1)) == gold
    assert standing_after(tiers, gold, 0, zone=UTC, at=gold.due_at).tier == "bronze"


def test_who_measures_up_at_the_end_keeps_the_tier_for_another_time():
    tiers = some_tiers()
    silver = standing_after(tiers, Standing(None, None), 10_000, zone=UTC, at=START)

    renewed = standing_after(tiers, silver, 12_000, zone=UTC, at=silver.due_at)

    assert (renewed.tier, renewed.due_at) == ("silver", datetime(2026, 4, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("loss", "kept_until"),
    [
        pytest.param(Loss.AT_ONCE, START, id="at once"),
        pytest.param(Loss.NEXT_YEAR_END, datetime(2026, 1, 1, tzinfo=UTC), id="next year's end"),
        pytest.param(Loss.NEVER, None, id="never"),
    ],
)
def test_when_a_tier_is_lost(loss, kept_until):
    tiers = some_tiers(loss=loss)
    gold = standing_after(tiers, Standing(None, None), 20_000, zone=UTC, at=START)

    far = datetime(2030, 1, 1, tzinfo=UTC)
    assert standing_after(tiers, gold, 0, zone=UTC, at=far).tier == (
        "gold" if kept_until is None else "bronze"
    )
    if kept_until is not None and kept_until > START:
        eve = kept_until - timedelta(seconds=1)
        assert standing_after(tiers, gold, 0, zone=UTC, at=eve).tier == "gold"


def test_grace_lets_a_tier_live_longer():
    tiers = some_tiers(grace_days=30)
    silver = standing_after(tiers, Standing(None, None), 10_000, zone=UTC, at=START)

    assert silver.due_at == datetime(2025, 5, 15, tzinfo=UTC)


def test_a_tier_that_is_no_longer_there_is_replaced():
    assert (
        standing_after(some_tiers(), Standing("ruby", START), 0, zone=UTC, at=START).tier
        == "bronze"
    )
    assert standing_after(Tiers(), Standing("ruby", START), 0, zone=UTC, at=START) == Standing(
        None, None
    )


@pytest.mark.parametrize(
    ("loss", "day", "tier"),
    [
        pytest.param(Loss.NEVER, 400, "silver", id="F15 never"),
        pytest.param(Loss.EVERY_DAYS, 29, "silver", id="F15 before the day"),
        pytest.param(Loss.EVERY_DAYS, 30, "bronze", id="F15 on the day"),
        pytest.param(Loss.AT_ONCE, 0, "bronze", id="F15 at once"),
    ],
)
def test_who_measures_less_falls_when_the_program_says(loss, day, tier):
    tiers = some_tiers(loss=loss, loss_days=30)
    silver = standing_after(tiers, Standing(None, None), 15_000, zone=UTC, at=START)

    assert (
        standing_after(tiers, silver, 9_999, zone=UTC, at=START + timedelta(days=day)).tier == tier
    )


def test_a_floor_holds_and_does_not_keep_anybody_down():
    tiers = some_tiers(loss=Loss.AT_ONCE)
    silver = Standing("silver", START)

    assert standing_after(tiers, silver, 20_000, zone=UTC, at=START, floor="silver").tier == "gold"
    assert (
        standing_after(tiers, silver, 10_500, zone=UTC, at=START, floor="silver").tier == "silver"
    )
    assert standing_after(tiers, silver, 0, zone=UTC, at=START, floor="silver").tier == "silver"
    assert standing_after(tiers, silver, 0, zone=UTC, at=START, floor="ruby").tier == "bronze"


def test_each_tier_on_the_way_is_passed():
    tiers = some_tiers()
    bronze, silver, gold = tiers.ladder

    assert tiers.passed(bronze, gold) == (silver, gold)
    assert tiers.passed(None, silver) == (bronze, silver)
    assert tiers.passed(gold, bronze) == ()


@pytest.mark.parametrize(
    ("window", "start"),
    [
        (Window.ROLLING_YEAR, datetime(2023, 4, 15, tzinfo=UTC)),
        (Window.CALENDAR_YEAR, datetime(2024, 1, 1, tzinfo=UTC)),
        (Window.LIFETIME, None),
    ],
)
def test_over_what_time_a_member_is_measured(window, start):
    assert window_start(some_tiers(window=window), START, UTC) == start
