"""Every promise that counts in months or years counts by the shop's own clock."""

from datetime import UTC, datetime

import pytest

from app.domain.calendar import zone_named
from app.domain.program import Expiry, ExpiryKind
from app.domain.settlement import expires_at, inactive_at, is_inactive, may_be_inactive_since
from app.domain.text import text
from app.domain.tiers import Loss, Standing, Tier, Tiers, Window, standing_after, window_start

COPENHAGEN = zone_named("Europe/Copenhagen")


def instant(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def tiers(**changes):
    ladder = tuple(
        Tier(code=code, name=text(code), threshold=threshold)
        for code, threshold in (("bronze", 0), ("silver", 100), ("gold", 200))
    )
    return Tiers(ladder=ladder, **{"grace_days": 0, "loss_months": 6} | changes)


@pytest.mark.parametrize(
    ("window", "at", "start"),
    [
        pytest.param(
            *(Window.ROLLING_YEAR, "2026-03-29T12:00:00Z", "2025-03-29T13:00:00Z"),
            id="two o'clock, in summer time and in winter time",
        ),
        pytest.param(
            *(Window.CALENDAR_YEAR, "2026-12-31T23:30:00Z", "2026-12-31T23:00:00Z"),
            id="it is next year there already",
        ),
    ],
)
def test_a_member_is_measured_from_the_shops_own_year(window, at, start):
    assert window_start(tiers(window=window), instant(at), COPENHAGEN) == instant(start)


@pytest.mark.parametrize(
    ("loss", "since", "until"),
    [
        (Loss.AFTER_MONTHS, "2026-01-15T12:00:00Z", "2026-07-15T11:00:00Z"),
        pytest.param(
            *(Loss.NEXT_YEAR_END, "2026-12-31T23:30:00Z", "2028-12-31T23:00:00Z"),
            id="reached in 2027 by the shop's clock, so kept through 2028",
        ),
    ],
)
@pytest.mark.parametrize(
    ("before", "measured", "now"),
    [
        pytest.param(Standing("bronze", None), 150, "silver", id="a rise"),
        pytest.param(Standing("gold", instant("2024-01-01T12:00:00Z")), 150, "silver", id="a fall"),
        pytest.param(
            Standing("silver", instant("2024-01-01T12:00:00Z")), 150, "silver", id="confirmed"
        ),
    ],
)
def test_a_tier_is_kept_by_the_shops_own_clock(loss, since, until, before, measured, now):
    after = standing_after(tiers(loss=loss), before, measured, at=instant(since), zone=COPENHAGEN)

    assert after == Standing(now, instant(since), instant(until))


def test_until_when_a_tier_was_promised_is_counted_by_the_shops_own_clock():
    reached = Standing("gold", instant("2026-01-15T12:00:00Z"))
    ladder = tiers(loss=Loss.AFTER_MONTHS)

    def tier_at(moment):
        return standing_after(ladder, reached, 0, at=instant(moment), zone=COPENHAGEN).tier

    assert tier_at("2026-07-15T10:59:59Z") == "gold"
    assert tier_at("2026-07-15T11:00:00Z") == "bronze"


@pytest.mark.parametrize(
    ("kind", "count", "since", "ends"),
    [
        (ExpiryKind.PER_LOT_MONTHS, 6, "2026-01-15T12:00:00Z", "2026-07-15T11:00:00Z"),
        pytest.param(
            *(ExpiryKind.MONTH_END, 1, "2026-06-30T22:30:00Z", "2026-07-31T22:00:00Z"),
            id="it is July there already",
        ),
        pytest.param(
            *(ExpiryKind.MONTH_END, 2, "2026-01-30T23:30:00Z", "2026-02-28T23:00:00Z"),
            id="31 January there: the month after is February",
        ),
        pytest.param(
            *(ExpiryKind.MONTH_END, 2, "2026-01-31T23:30:00Z", "2026-03-31T22:00:00Z"),
            id="1 February there: the month after is March",
        ),
        (ExpiryKind.YEAR_END, 1, "2026-12-31T23:30:00Z", "2027-12-31T23:00:00Z"),
    ],
)
def test_points_end_by_the_shops_own_clock(kind, count, since, ends):
    expiry = Expiry(kind=kind, count=count)

    assert expires_at(expiry, instant(since), COPENHAGEN) == instant(ends)


def test_a_balance_is_over_after_months_of_the_shops_own():
    expiry = Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=6)
    active_at, over_at = instant("2026-01-15T12:00:00Z"), instant("2026-07-15T11:00:00Z")

    assert inactive_at(expiry, active_at, COPENHAGEN) == over_at
    assert is_inactive(expiry, active_at, over_at, COPENHAGEN)
    assert not is_inactive(expiry, active_at, instant("2026-07-15T10:59:59Z"), COPENHAGEN)
    assert may_be_inactive_since(expiry, over_at, COPENHAGEN) == instant("2026-02-15T12:00:00Z")


@pytest.mark.parametrize(
    ("kind", "over"),
    [(ExpiryKind.INACTIVITY_DAYS, True), (ExpiryKind.PER_LOT_DAYS, False)],
)
def test_a_balance_is_over_only_where_that_is_the_rule(kind, over):
    expiry = Expiry(kind=kind, count=30)
    then, now = instant("2026-06-01T12:00:00Z"), instant("2026-07-01T12:00:00Z")

    assert is_inactive(expiry, then, now, COPENHAGEN) is over
    assert not is_inactive(expiry, None, now, COPENHAGEN)
    assert may_be_inactive_since(expiry, now, COPENHAGEN) == then
