"""What the program adds: simulated shops whose effect is known, and ones that have none."""

from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

import orjson
import pytest

from app.analytics.holdout import holdout_figures
from app.analytics.period import Period
from app.analytics.report import report, report_from
from app.domain.holdout import Arm, arm_of, difference
from app.models.base import new_id
from app.models.member import Member
from app.models.order import OrderRecord
from tests.builders import a_program, published
from tests.databases import NOON

HELD_OUT = a_program(holdout_percent=20)
BEGAN = NOON - timedelta(days=100)
PERIOD = Period(date(2026, 3, 1), date(2026, 6, 1), ZoneInfo("Europe/Copenhagen"))


def bought(session, shop, member, days_after, minor):
    """A paid order of a member, so long after they joined."""
    placed_at = member.joined_at + timedelta(days=days_after)
    facts = {"placed_at": placed_at, "counts_at": placed_at, "spend_minor": minor}
    session.add(OrderRecord(shop_id=shop.id, order_id=str(new_id()), member_id=member.id, **facts))
    return placed_at, minor


def a_crowd(session, shop, *, share, share_held_out, count=1_200, seed=3):
    """Members who joined within fifty days; so many of each side have bought once or twice since.

    Returns them with what they bought. Each joined with an order, which does not count.
    """
    chance = Random(seed)
    crowd = []
    for number in range(count):
        arm = arm_of(str(shop.id), str(number), 20)
        joined_at = BEGAN + timedelta(hours=number)
        facts = {"customer_id": str(number), "joined_at": joined_at, "entered": {}, "arm": arm}
        member = Member(shop_id=shop.id, id=new_id(), **facts)
        session.add(member)
        bought(session, shop, member, 0, 500_00)
        buys = chance.random() < (share if arm is Arm.PROGRAM else share_held_out)
        times = chance.randrange(1, 3) if buys else 0
        crowd.append(
            (
                member,
                [
                    bought(session, shop, member, 10 * nth, round(chance.lognormvariate(11, 0.5)))
                    for nth in range(1, times + 1)
                ],
            )
        )
    session.flush()
    return crowd


def by_hand(crowd, arm, until=PERIOD.until):
    """Members, buyers, revenue and the squares of a side, in plain Python."""
    spent = [
        sum(minor for at, minor in orders if PERIOD.since <= at < until)
        for member, orders in crowd
        if member.arm == arm and member.joined_at < until
    ]
    squares = float(sum(minor * minor for minor in spent))
    return len(spent), sum(1 for minor in spent if minor), sum(spent), pytest.approx(squares)


def told(side):
    """A side as by hand."""
    return side.members, side.buyers, side.revenue_minor, side.revenue_squares


def test_both_sides_are_what_plain_python_says_and_an_effect_is_seen(session, shop):
    published(session, shop, HELD_OUT, at=BEGAN)
    crowd = a_crowd(session, shop, share=0.6, share_held_out=0.3)

    found = report(session, shop.id, HELD_OUT, PERIOD, at=NOON)

    held = found.holdout
    assert told(held.program) == by_hand(crowd, Arm.PROGRAM)
    assert told(held.holdout) == by_hand(crowd, Arm.HOLDOUT)
    assert not held.is_early
    buying = difference(held.program.buying, held.holdout.buying)
    assert buying.low < 0.3 < buying.high
    assert buying.is_clear
    assert difference(held.program.revenue, held.holdout.revenue).is_clear
    assert report_from(orjson.loads(orjson.dumps(found.as_document()))) == found


def test_where_there_is_no_effect_none_is_seen(session, shop):
    published(session, shop, HELD_OUT, at=BEGAN)
    a_crowd(session, shop, share=0.4, share_held_out=0.4)

    held = holdout_figures(session, shop.id, PERIOD, at=NOON)

    assert not difference(held.program.buying, held.holdout.buying).is_clear
    assert not difference(held.program.revenue, held.holdout.revenue).is_clear


def test_with_few_members_it_is_too_early(session, shop):
    published(session, shop, HELD_OUT, at=BEGAN)
    a_crowd(session, shop, share=0.9, share_held_out=0.1, count=200)

    assert holdout_figures(session, shop.id, PERIOD, at=NOON).is_early


def test_a_holdout_ends_with_its_revision_and_another_share_begins_anew(session, shop):
    published(session, shop, a_program(), at=BEGAN - timedelta(days=9))
    assert holdout_figures(session, shop.id, PERIOD, at=NOON) is None

    published(session, shop, HELD_OUT, at=BEGAN)
    published(session, shop, a_program(holdout_percent=20, join_points=9), at=BEGAN + timedelta(9))
    crowd = a_crowd(session, shop, share=0.6, share_held_out=0.3, count=400)
    ends_at = BEGAN + timedelta(days=12)
    published(session, shop, a_program(), at=ends_at)

    over = holdout_figures(session, shop.id, PERIOD, at=NOON)
    assert (over.percent, over.began_at, over.ended_at) == (20, BEGAN, ends_at)
    assert told(over.program) == by_hand(crowd, Arm.PROGRAM, until=ends_at)

    published(session, shop, a_program(holdout_percent=10), at=NOON - timedelta(days=1))
    anew = holdout_figures(session, shop.id, PERIOD, at=NOON)
    assert (anew.percent, anew.ended_at) == (10, None)
    assert told(anew.program) == (0, 0, 0, 0.0)
