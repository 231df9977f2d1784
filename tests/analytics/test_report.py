"""Every figure of a simulated year against one that was computed by hand, to the cent."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import orjson

from app.analytics.period import Period, months
from app.analytics.report import report, report_from
from app.models.member import member_figures
from app.models.program import Programs, latest_number
from app.models.shop import shop_by_domain
from app.simulation.live import Year
from app.simulation.story import Scale
from tests.analytics.by_hand import ByHand

BEGINS_AT = datetime(2025, 10, 1, tzinfo=UTC)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 9, 20, 13, 30, tzinfo=UTC)
PERIODS = (
    Period(date(2025, 9, 1), date(2026, 9, 20), COPENHAGEN),
    Period(date(2026, 6, 23), date(2026, 9, 20), COPENHAGEN),
    Period(date(2026, 2, 1), date(2026, 2, 28), COPENHAGEN),
)


def test_every_figure_of_a_year_is_what_the_raw_facts_say(database):
    year = Year(Scale(customers=30, orders=240, seed=5, begins_at=BEGINS_AT))
    year.live(database, lambda day, of: None)

    with database.reading() as session:
        shop = shop_by_domain(session, year.domain)
        hand = ByHand(session, shop.id)
        program = Programs(session, shop.id).revision(latest_number(session, shop.id))
        for period in PERIODS:
            found = report(session, shop.id, program, period, at=NOW)
            agree(found, hand, period)
        figures = member_figures(session, shop.id)
    assert found.outstanding.points == sum(figures[1:])
    assert report_from(orjson.loads(orjson.dumps(found.as_document()))) == found


def agree(found, hand, period):
    """Each figure of a report is what was computed by hand, and none of them is empty."""
    since, until = period.since, period.until
    assert asdict(found.sales) == hand.sales(since, until)
    assert asdict(found.stayed) == hand.stayed(since, until, days=365)
    assert list(found.again) == hand.again(since, until, NOW)
    assert list(found.cohorts) == hand.cohorts(
        months(period.first, period.last)[-12:], until, COPENHAGEN
    )
    assert asdict(found.flow) == hand.flow(since, until)
    for (first, flow), (after, _) in pairwise(found.steps):
        assert asdict(flow) == hand.flow(period.midnight(first), period.midnight(after))
    assert asdict(found.before) == hand.flow(BEGINS_AT - timedelta(days=1), since)
    assert found.active_members == hand.active(since, until)
    assert found.opening == hand.flow_sum(BEGINS_AT - timedelta(days=1), since)
    assert found.closing == hand.flow_sum(BEGINS_AT - timedelta(days=1), until)
    assert found.stages == hand.stages(NOW)
    assert list(found.groups) == hand.groups(since, until)
    assert found.tiers == hand.tiers()
    assert sum(sum(pair) for pair in found.moves.values()) == hand.tier_moves(since, until)
    ends = hand.lots()
    expected = [sum(count for end, count in ends.items() if end < NOW)]
    starts = [NOW, *(period.midnight(day) for day in found.calendar[1:])]
    bounds = [*starts, datetime(9999, 1, 1, tzinfo=UTC)]
    for first, after in pairwise(bounds):
        expected.append(sum(count for end, count in ends.items() if first <= end < after))
    assert list(found.outstanding.expiring) == expected
    assert found.outstanding.never == 0
    assert sum(expected) == found.outstanding.available + found.outstanding.owed
