"""Days, months and years begin when the shop's own clock says so, summer and winter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import (
    day_start,
    month_end,
    months_after,
    year_end,
    year_start,
    zone_named,
)

COPENHAGEN = zone_named("Europe/Copenhagen")
LOS_ANGELES = zone_named("America/Los_Angeles")
AUCKLAND = zone_named("Pacific/Auckland")
CAIRO = zone_named("Africa/Cairo")
HAVANA = zone_named("America/Havana")
ZONES = (COPENHAGEN, LOS_ANGELES, AUCKLAND, CAIRO, HAVANA, UTC)


def instant(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "months", "expected"),
    [
        (UTC, "2026-01-31T15:30:00Z", 1, "2026-02-28T15:30:00Z"),
        (UTC, "2024-02-29T15:30:00Z", 12, "2025-02-28T15:30:00Z"),
        (UTC, "2026-03-31T15:30:00Z", -1, "2026-02-28T15:30:00Z"),
        (UTC, "2026-12-15T00:00:00Z", 1, "2027-01-15T00:00:00Z"),
        pytest.param(
            COPENHAGEN, "2026-01-15T11:00:00Z", 6, "2026-07-15T10:00:00Z", id="noon stays noon"
        ),
        pytest.param(
            COPENHAGEN,
            "2026-01-31T23:30:00Z",
            1,
            "2026-02-28T23:30:00Z",
            id="it is February there already: 1 February to 1 March",
        ),
        pytest.param(
            LOS_ANGELES,
            "2026-03-01T04:00:00Z",
            1,
            "2026-03-29T03:00:00Z",
            id="it is February there still, and 28 March has summer time",
        ),
        pytest.param(
            COPENHAGEN,
            "2026-02-28T01:30:00Z",
            1,
            "2026-03-28T01:30:00Z",
            id="half past two the night before clocks go forward",
        ),
        pytest.param(
            COPENHAGEN,
            "2026-02-28T23:30:00Z",
            1,
            "2026-03-31T22:30:00Z",
            id="1 March to 1 April, over the change",
        ),
    ],
)
def test_the_same_day_some_months_on(zone, moment, months, expected):
    assert months_after(instant(moment), months, zone) == instant(expected)


@pytest.mark.parametrize(
    ("begin", "zone", "moment", "expected"),
    [
        (day_start, COPENHAGEN, "2026-07-01T22:30:00Z", "2026-07-01T22:00:00Z"),
        (day_start, COPENHAGEN, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"),
        (day_start, COPENHAGEN, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"),
        pytest.param(
            *(day_start, CAIRO, "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z"),
            id="a day that begins at one o'clock",
        ),
        pytest.param(
            *(day_start, HAVANA, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z"),
            id="a day with two midnights",
        ),
        (month_end, COPENHAGEN, "2026-06-30T21:59:59Z", "2026-06-30T22:00:00Z"),
        (month_end, COPENHAGEN, "2026-06-30T22:00:00Z", "2026-07-31T22:00:00Z"),
        (month_end, COPENHAGEN, "2026-03-15T00:00:00Z", "2026-03-31T22:00:00Z"),
        (month_end, LOS_ANGELES, "2026-07-01T06:00:00Z", "2026-07-01T07:00:00Z"),
        (month_end, UTC, "2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z"),
        (year_start, AUCKLAND, "2026-12-31T12:00:00Z", "2026-12-31T11:00:00Z"),
        (year_start, LOS_ANGELES, "2027-01-01T07:00:00Z", "2026-01-01T08:00:00Z"),
        (year_end, AUCKLAND, "2026-12-31T10:59:59Z", "2026-12-31T11:00:00Z"),
        (year_end, AUCKLAND, "2026-12-31T11:00:00Z", "2027-12-31T11:00:00Z"),
        (year_end, COPENHAGEN, "2026-07-01T00:00:00Z", "2026-12-31T23:00:00Z"),
    ],
)
def test_where_days_months_and_years_begin_and_end(begin, zone, moment, expected):
    assert begin(instant(moment), zone) == instant(expected)


BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 15 * 366 * 86_400).map(lambda one: BEGIN + timedelta(seconds=one))
SOMEWHERE = st.sampled_from(ZONES)


@given(MOMENTS, SOMEWHERE)
def test_a_moment_lies_in_its_day_month_and_year(moment, zone):
    assert day_start(moment, zone) <= moment < month_end(moment, zone) <= year_end(moment, zone)
    assert year_start(moment, zone) <= day_start(moment, zone)
    assert moment - day_start(moment, zone) < timedelta(hours=25)


@given(MOMENTS, MOMENTS, st.integers(-24, 24), SOMEWHERE)
def test_who_was_earlier_is_never_later_for_counting_months(one, other, months, zone):
    first, second = sorted((one, other))
    # An hour that clocks show twice, or never, may be counted from either side.
    hour = timedelta(hours=1)

    assert months_after(first, months, zone) <= months_after(second, months, zone) + hour


@pytest.mark.parametrize("begin", [day_start, month_end, year_start, year_end])
def test_a_day_begins_at_its_first_microsecond_and_is_told_in_utc(begin):
    begun = begin(instant("2026-07-01T12:34:56.789012Z"), COPENHAGEN)

    assert (begun.microsecond, begun.second, begun.tzinfo) == (0, 0, UTC)


def test_a_zone_that_nobody_knows_is_utc():
    assert [zone_named(name) for name in ("", "Mars/Olympus", "../../etc/passwd")] == [UTC] * 3
