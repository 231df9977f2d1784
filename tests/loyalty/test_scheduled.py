"""A revision that is published for a day to come stays so, whatever comes before that day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import InvalidProgram, StaleProgram
from app.domain.tiers import Measure
from app.loyalty.adjust import adjust
from app.loyalty.count_past import count_some, let_past_earn
from app.loyalty.go_live import go_live, pause, resume
from app.loyalty.publish import cancel_planned, plan, publish, revise, roll_back
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
    for one, day in ((days["plan"], CHRISTMAS), (program, NEW_YEAR)):
        publish(session, shop, one, author="test", effective_at=day, at=NOON)
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


def test_what_is_published_now_leaves_a_plan_its_day_and_its_own_change(session, shop):
    for _twice in range(2):
        revise(session, shop, a_program(join_points=5), author="test", at=at(1))

    plain, double = a_program(join_points=5), replace(DOUBLE, join_points=5)
    assert in_force(session, shop, NOON, at(1)) == [a_program(), plain]
    assert in_force(session, shop, CHRISTMAS, NEW_YEAR) == [double, plain]
    assert latest_number(session, shop.id) == 3 + 3


def test_a_new_plan_leaves_those_before_and_behind_it_their_days_and_their_changes(session, shop):
    welcome = {"effective_at": at(15), "author": "test", "at": at(1)}
    for _twice in range(2):
        number = plan(session, shop, a_program(join_points=5), based_on=1, **welcome)

    plain, double = a_program(join_points=5), replace(DOUBLE, join_points=5)
    assert in_force(session, shop, at(1), CHRISTMAS) == [a_program(), DOUBLE]
    assert in_force(session, shop, at(15), NEW_YEAR) == [double, plain]
    assert (number, latest_number(session, shop.id)) == (4, 5)


def test_of_two_plans_for_a_day_both_changes_count_and_the_newer_word(session, shop):
    both = a_program(join_points=5)
    for program in (both, replace(both, join_points=6)):
        plan(session, shop, program, author="test", effective_at=CHRISTMAS, at=at(1))

    assert in_force(session, shop, CHRISTMAS) == [replace(DOUBLE, join_points=6)]


def test_who_plans_from_an_older_program_is_told(session, shop):
    with pytest.raises(StaleProgram):
        plan(
            session,
            shop,
            a_program(join_points=5),
            author="test",
            based_on=1,
            effective_at=at(15),
            at=CHRISTMAS,
        )

    assert latest_number(session, shop.id) == 3


def test_a_plan_that_is_published_early_is_a_plan_no_more_and_ends_on_its_day(session, shop):
    for _twice in range(2):
        revise(session, shop, DOUBLE, author="test", at=at(1))

    assert in_force(session, shop, at(1), CHRISTMAS, NEW_YEAR) == [DOUBLE, DOUBLE, a_program()]
    assert Programs(session, shop.id).scheduled(at(1)) == [(NEW_YEAR, 5)]


def test_going_back_leaves_a_plan_its_day(session, shop):
    revise(session, shop, a_program(join_points=5), author="test", at=at(1))

    roll_back(session, shop, 1, author="test", at=at(2))

    assert in_force(session, shop, at(2), CHRISTMAS, NEW_YEAR) == [a_program(), DOUBLE, a_program()]


def test_who_edited_what_was_in_force_before_the_plans_day_is_told(session, shop):
    with pytest.raises(StaleProgram):
        revise(session, shop, a_program(), author="test", based_on=1, at=CHRISTMAS)

    number = revise(session, shop, DOUBLE, author="test", based_on=2, at=CHRISTMAS)
    assert (number, latest_number(session, shop.id)) == (2, 3)


def test_a_change_that_a_plan_does_not_fit_is_refused_with_the_way_out(session):
    giving = two_tiers()
    silver = replace(giving.ladder[1], entry_reward="fifty-off")
    plan = a_program(tiers=replace(giving, ladder=(giving.ladder[0], silver)))
    shop = planned(session, a_program(tiers=giving), plan=plan)

    with pytest.raises(InvalidProgram, match="Cancel the planned change first"):
        revise(session, shop, a_program(tiers=giving, rewards=()), author="test", at=at(1))

    assert latest_number(session, shop.id) == 3


def test_a_plan_is_canceled_once(session, shop):
    canceled = cancel_planned(session, shop, author="test", based_on=3, at=at(1))
    again = cancel_planned(session, shop, author="test", based_on=3, at=at(1))

    assert (canceled, again) == ([2, 3], [])
    assert in_force(session, shop, at(1), CHRISTMAS, NEW_YEAR) == [a_program()] * 3
    assert latest_number(session, shop.id) == 4


def test_only_a_plan_that_was_seen_is_canceled(session, shop):
    pause(session, shop, author="somebody else", at=at(1))

    with pytest.raises(StaleProgram):
        cancel_planned(session, shop, author="test", based_on=3, at=at(2))

    assert in_force(session, shop, CHRISTMAS) == [replace(DOUBLE, paused=True)]


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


def buys(session, shop):
    """Whoever is a member buys a little."""
    settled(session, shop, an_order("1002", total_minor=5_00, placed_at=at(5), paid_at=at(5)))


def comes(session, shop):
    """Somebody becomes a member by their first order."""
    order = an_order("1003", customer_id="8", placed_at=at(5), paid_at=at(5))
    settled(session, shop, order, at=at(5))


def is_given_points(session, shop):
    """Whoever is a member is given points by hand."""
    member = member_of(session, shop.id, "7")
    adjust(session, shop, member.id, 5, note="", key="k", at=at(5))


@pytest.mark.parametrize(
    ("customer_id", "does", "measure", "silver_from"),
    [
        ("7", buys, Measure.SPEND, 100_00),
        ("8", comes, Measure.SPEND, 100_00),
        ("7", is_given_points, Measure.BALANCE, 100),
    ],
)
def test_a_planned_ladder_moves_whoever_was_looked_at_before_its_day(
    session, customer_id, does, measure, silver_from
):
    strict, easy = (
        a_program(tiers=two_tiers(silver_from=limit, measure=measure))
        for limit in (200_00, silver_from)
    )
    shop = published(session, a_shop(session), strict)
    settled(session, shop, an_order())
    publish(session, shop, easy, author="test", effective_at=CHRISTMAS, at=at(1))

    does(session, shop)
    retier(session, shop, at=CHRISTMAS - timedelta(seconds=1))
    before = member_of(session, shop.id, customer_id).tier
    found = [retier(session, shop, at=CHRISTMAS) for _twice in range(2)]

    assert (before, member_of(session, shop.id, customer_id).tier) == ("bronze", "silver")
    assert found[1] == 0


def test_a_ladder_that_is_put_in_force_before_its_day_moves_members_at_once(session):
    strict, easy = (a_program(tiers=two_tiers(silver_from=limit)) for limit in (200_00, 100_00))
    shop = published(session, a_shop(session), strict)
    settled(session, shop, an_order())
    publish(session, shop, easy, author="test", effective_at=CHRISTMAS, at=at(1))

    publish(session, shop, easy, author="test", at=at(2))
    retier(session, shop, at=at(2))

    assert member_of(session, shop.id, "7").tier == "silver"
