"""A revision that is published for a day to come stays so, whatever comes before that day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.loyalty.count_past import count_some, let_past_earn
from app.loyalty.go_live import go_live, pause, resume
from app.loyalty.publish import publish
from app.loyalty.retier import retier
from app.models.member import member_of
from app.models.program import Programs, latest_number
from tests.builders import a_program, an_order, balance, published, settled, two_tiers
from tests.databases import NOON, a_shop
from tests.loyalty.test_publish import DOUBLE

PREVIEW = replace(DOUBLE, live=False)


def at(days):
    return NOON + timedelta(days=days)


CHRISTMAS, NEW_YEAR = at(10), at(20)


def planned(session, program, **days):
    """A shop with a program, and what shall follow it, by the day on which it counts."""
    shop = published(session, a_shop(session), program)
    for plan, day in ((days["plan"], CHRISTMAS), (program, NEW_YEAR)):
        publish(session, shop, plan, author="test", effective_at=day, at=NOON)
    return shop


@pytest.fixture
def shop(session):
    return planned(session, a_program(), plan=DOUBLE)


def in_force(session, shop, *moments):
    """The programs in force at some moments."""
    programs = Programs(session, shop.id)
    return [programs.at(moment) for moment in moments]


def test_a_pause_holds_what_is_scheduled_up_until_it_is_over(session, shop):
    for _twice in range(2):
        pause(session, shop, author="test", at=at(1))
    during = in_force(session, shop, at(1), CHRISTMAS, NEW_YEAR)
    for _twice in range(2):
        resume(session, shop, author="test", at=at(2))

    plain = a_program()
    assert during == [replace(one, paused=True) for one in (plain, DOUBLE, plain)]
    assert in_force(session, shop, at(2), CHRISTMAS, NEW_YEAR) == [plain, DOUBLE, plain]
    assert latest_number(session, shop.id) == 3 + 3 + 3


def test_a_pause_that_lasts_pauses_what_comes_into_force_meanwhile(session, shop):
    pause(session, shop, author="test", at=at(1))

    order = an_order(placed_at=at(11), paid_at=at(11), updated_at=at(11))
    settled(session, shop, order, at=at(11))
    resume(session, shop, author="test", at=at(12))
    later = an_order("1002", placed_at=at(13), paid_at=at(13), updated_at=at(13))
    settled(session, shop, later, at=at(13))

    assert balance(session, shop) == 240


def test_going_live_puts_nothing_in_force_before_its_day(session):
    shop = planned(session, replace(a_program(), live=False), plan=PREVIEW)

    for _twice in range(2):
        number = go_live(session, shop, author="test", at=at(1))

    assert number == 4
    assert in_force(session, shop, at(1), CHRISTMAS) == [a_program(), DOUBLE]


def test_past_orders_earn_by_the_program_in_force_and_nothing_else_is_moved(session):
    shop = planned(session, replace(a_program(), live=False), plan=PREVIEW)
    settled(session, shop, an_order())
    go_live(session, shop, author="test", at=at(1))

    for _twice in range(2):
        let_past_earn(session, shop, since=NOON, author="test", at=at(1))
        count_some(session, shop, at=at(1))
    late = an_order("1002", placed_at=CHRISTMAS, paid_at=CHRISTMAS, updated_at=CHRISTMAS)
    settled(session, shop, late, at=CHRISTMAS)

    assert balance(session, shop) == 120 + 240
    assert latest_number(session, shop.id) == 3 + 3 + 3


def test_what_was_overtaken_does_not_come_back(session, shop):
    overtaking = a_program(join_points=5)
    publish(session, shop, overtaking, author="test", at=at(1))

    pause(session, shop, author="test", at=at(2))
    resume(session, shop, author="test", at=at(3))

    assert in_force(session, shop, at(3), CHRISTMAS, NEW_YEAR) == [overtaking] * 3


def test_another_shop_keeps_its_own_plans(session, shop):
    other = published(session, a_shop(session, "other.example"))
    publish(session, other, DOUBLE, author="test", effective_at=CHRISTMAS, at=NOON)

    pause(session, shop, author="test", at=at(1))

    assert in_force(session, other, at(1), CHRISTMAS) == [a_program(), DOUBLE]
    assert latest_number(session, other.id) == 2


def test_a_ladder_that_is_put_in_force_before_its_day_moves_members_at_once(session):
    strict, easy = (a_program(tiers=two_tiers(silver_from=limit)) for limit in (200_00, 100_00))
    shop = published(session, a_shop(session), strict)
    settled(session, shop, an_order())
    publish(session, shop, easy, author="test", effective_at=CHRISTMAS, at=at(1))

    publish(session, shop, easy, author="test", at=at(2))
    retier(session, shop, at=at(2))

    assert member_of(session, shop.id, "7").tier == "silver"
