"""When a tier is kept, confirmed and lost, to the instant."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import InvalidProgram
from app.domain.text import text
from app.domain.tiers import (
    Loss,
    Standing,
    Tier,
    Tiers,
    Window,
    kept_until,
    standing_after,
    window_start,
)
from tests.databases import NOON


def a_tier(code, threshold, **changes):
    """A tier by its code."""
    return Tier(code=code, name=text(code.title()), threshold=threshold, **changes)


BRONZE, SILVER, GOLD = a_tier("bronze", 0), a_tier("silver", 100), a_tier("gold", 200)


def three(**changes):
    """Bronze, silver and gold, at 0, 100 and 200."""
    return Tiers(ladder=(BRONZE, SILVER, GOLD), **changes)


@pytest.mark.parametrize(
    ("loss", "until"),
    [
        (Loss.NEVER, None),
        (Loss.AT_ONCE, NOON),
        (Loss.EVERY_DAYS, NOON + timedelta(days=7 + 5)),
        (Loss.AFTER_MONTHS, datetime(2026, 9, 6, 12, tzinfo=UTC)),
        (Loss.NEXT_YEAR_END, datetime(2028, 1, 6, tzinfo=UTC)),
    ],
)
def test_until_when_a_tier_is_kept(loss, until):
    assert (
        kept_until(three(loss=loss, loss_days=7, loss_months=3, grace_days=5), NOON, UTC) == until
    )


def test_the_end_of_next_year_is_next_years_also_in_december():
    december = datetime(2026, 12, 31, 23, tzinfo=UTC)
    tiers = three(loss=Loss.NEXT_YEAR_END, grace_days=0)

    assert kept_until(tiers, december, UTC) == datetime(2028, 1, 1, tzinfo=UTC)


def test_from_when_on_a_member_is_measured():
    assert window_start(three(window=Window.LIFETIME), NOON, UTC) is None
    assert (
        window_start(three(window=Window.CALENDAR_YEAR), NOON, UTC).isoformat()[:10] == "2026-01-01"
    )
    assert (
        window_start(three(window=Window.ROLLING_YEAR), NOON, UTC).isoformat()[:10] == "2025-06-01"
    )


WEEK = {"loss": Loss.EVERY_DAYS, "loss_days": 7, "grace_days": 0}


def test_a_tier_that_is_still_earned_when_due_is_confirmed():
    since, due = NOON, NOON + timedelta(days=7)

    early = standing_after(three(**WEEK), Standing("silver", since), 150, zone=UTC, at=NOON)
    confirmed = standing_after(three(**WEEK), Standing("silver", since), 150, zone=UTC, at=due)

    assert early == Standing("silver", since, due)
    assert confirmed == Standing("silver", due, due + timedelta(days=7))


def test_a_confirmed_tier_without_time_is_looked_at_again_a_day_later():
    tiers = three(loss=Loss.AT_ONCE, grace_days=0)

    found = standing_after(tiers, Standing("silver", NOON), 150, zone=UTC, at=NOON)

    assert found == Standing("silver", NOON, NOON + timedelta(days=1))


def test_a_tier_that_is_no_longer_earned_is_lost_when_due_and_not_before():
    due = NOON + timedelta(days=7)
    tiers, gold = three(**WEEK), Standing("gold", NOON)

    assert standing_after(tiers, gold, 0, zone=UTC, at=due - timedelta(seconds=1)) == Standing(
        "gold", NOON, due
    )
    assert standing_after(tiers, gold, 120, zone=UTC, at=due) == Standing(
        "silver", due, due + timedelta(days=7)
    )


def test_a_rise_is_immediate_and_begins_the_time_anew():
    later = NOON + timedelta(days=3)

    found = standing_after(three(**WEEK), Standing("bronze", NOON), 250, zone=UTC, at=later)

    assert found == Standing("gold", later, later + timedelta(days=7))


def test_a_member_without_a_tier_or_in_one_that_is_gone_gets_what_is_earned():
    kept = NOON + timedelta(days=7)

    for before in (Standing(None, None), Standing("platinum", NOON - timedelta(days=1))):
        assert standing_after(three(**WEEK), before, 100, zone=UTC, at=NOON) == Standing(
            "silver", NOON, kept
        )


def test_a_floor_holds_and_lets_rise():
    tiers, silver = three(loss=Loss.AT_ONCE), Standing("silver", NOON)
    at = NOON + timedelta(days=40)

    assert standing_after(tiers, silver, 0, zone=UTC, at=at, floor="silver").tier == "silver"
    assert standing_after(tiers, silver, 0, zone=UTC, at=at, floor="gone").tier == "bronze"
    assert standing_after(tiers, silver, 200, zone=UTC, at=at, floor="silver").tier == "gold"
    assert standing_after(Tiers(), silver, 200, zone=UTC, at=at, floor="silver") == Standing(
        None, None
    )


def test_the_ladder_knows_its_steps():
    tiers = three()

    assert [tiers.reached(measured) for measured in (-1, 0, 1, 99, 100, 199, 200)] == [
        BRONZE,
        BRONZE,
        BRONZE,
        BRONZE,
        SILVER,
        SILVER,
        GOLD,
    ]
    assert [tiers.above(tier) for tier in (None, BRONZE, SILVER, GOLD)] == [
        BRONZE,
        SILVER,
        GOLD,
        None,
    ]
    assert [tiers.rank(tier) for tier in (None, BRONZE, SILVER, GOLD)] == [-1, 0, 1, 2]
    assert tiers.passed(BRONZE, GOLD) == (SILVER, GOLD)
    assert tiers.passed(None, SILVER) == (BRONZE, SILVER)
    assert tiers.passed(GOLD, BRONZE) == ()
    assert tiers.named("gold") is GOLD
    assert tiers.named("platinum") is None
    assert Tiers().above(None) is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Tiers(ladder=(BRONZE, BRONZE)), "Each tier needs a code of its own: bronze, bro"),
        (lambda: Tiers(ladder=(SILVER,)), "Silver is the entry tier and must start at 0."),
        (lambda: Tiers(ladder=(BRONZE, GOLD, SILVER)), "Silver must start above Gold."),
        (lambda: a_tier("x", 0, earn_percent=-1), "X cannot earn -1 percent."),
        (lambda: a_tier("x", 0, entry_points=-1), "X cannot take points on entry."),
    ],
)
def test_a_ladder_that_cannot_be_climbed_says_why(make, message):
    with pytest.raises(InvalidProgram) as refused:
        make()

    assert refused.value.message.startswith(message)


def test_nothing_earned_and_nothing_on_entry_are_allowed():
    assert a_tier("x", 0, earn_percent=0, entry_points=0).earn_percent == 0
