"""Past orders: what the merchant lets them earn is given once, and just as it was shown before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import ProgramNotLive, ProgramPaused
from app.domain.program import Expiry, ExpiryKind
from app.domain.tiers import Tiers
from app.loyalty.count_past import BATCH, count_some, foresee, known, let_past_earn, oldest
from app.loyalty.go_live import go_live, pause, resume
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.redemption import Redemption
from app.models.walk import WalkKind, newest_walk
from tests.builders import (
    a_program,
    an_order,
    balance,
    later,
    published,
    refunded,
    settled,
    two_tiers,
)
from tests.databases import NOON, a_shop

LIVE = NOON + timedelta(days=10)


@pytest.fixture
def shop(session):
    return published(session, a_shop(session), a_program(live=False), at=NOON - timedelta(days=30))


def placed(number, days, **changes):
    """An order placed so many days after noon, of 120 kroner."""
    at = NOON + timedelta(days=days)
    return an_order(str(number), placed_at=at, paid_at=at, updated_at=at, **changes)


def goes_live(session, shop, since, at=LIVE):
    go_live(session, shop, author="test", at=at)
    let_past_earn(session, shop, since=since, author="test", at=at)


def counted(session, shop, at=LIVE):
    """As the worker does it, to the end."""
    while count_some(session, shop, at=at):
        pass


def test_past_orders_earn_what_was_foreseen(session, shop):
    settled(session, shop, placed(1, 1), placed(2, 2), placed(3, 3, customer_id="8", test=True))
    shown = foresee(session, shop, since=None, at=LIVE)

    goes_live(session, shop, NOON)
    counted(session, shop)

    assert (shown.orders, shown.members, shown.points) == (2, 1, 240)
    assert (balance(session, shop), balance(session, shop, "8")) == (240, 0)
    walk = newest_walk(session, shop.id, WalkKind.PAST)
    assert (walk.checked, walk.expected, walk.differences, walk.points) == (2, 2, 2, 240)
    assert verify(session, shop).holds


def test_only_those_since_the_chosen_day_earn(session, shop):
    settled(session, shop, placed(1, 1), placed(2, 5))
    since = NOON + timedelta(days=3)
    shown = foresee(session, shop, since=since, at=LIVE)

    goes_live(session, shop, since)
    counted(session, shop)

    assert (shown.orders, shown.points) == (1, 120)
    assert balance(session, shop) == 120


def test_an_order_that_gave_what_entering_a_tier_gives_can_still_earn(session):
    first, *others = two_tiers().ladder
    tiers = Tiers(ladder=(replace(first, entry_points=10), *others))
    before = NOON - timedelta(days=30)
    shop = published(session, a_shop(session), a_program(tiers=tiers, live=False), at=before)
    settled(session, shop, placed(1, 1), at=NOON + timedelta(days=1))

    since = oldest(session, shop, at=LIVE)
    goes_live(session, shop, since)
    counted(session, shop)

    assert since == NOON + timedelta(days=1)
    assert balance(session, shop) == 130


def test_asking_again_and_counting_again_give_nothing_twice(session, shop):
    settled(session, shop, placed(1, 1))

    for _twice in range(2):
        goes_live(session, shop, NOON)
        counted(session, shop)
        counted(session, shop)

    assert balance(session, shop) == 120


def test_asking_for_a_later_day_meanwhile_takes_nothing_back(session, shop):
    settled(session, shop, placed(1, 1), placed(2, 5))

    goes_live(session, shop, NOON)
    let_past_earn(session, shop, since=NOON + timedelta(days=3), author="test", at=LIVE)
    counted(session, shop)

    assert balance(session, shop) == 240
    assert newest_walk(session, shop.id, WalkKind.PAST).since == NOON


def test_a_webhook_about_a_past_order_settles_to_the_same_points(session, shop):
    order = placed(1, 1)
    settled(session, shop, order)
    goes_live(session, shop, NOON)

    settled(session, shop, later(order), at=LIVE)
    before = balance(session, shop)
    counted(session, shop)
    settled(session, shop, refunded(later(order), [("1", 1)]), at=LIVE)

    assert (before, balance(session, shop)) == (120, 0)
    assert verify(session, shop).holds


def test_an_order_that_is_heard_of_only_later_earns_as_the_others_did(session, shop):
    goes_live(session, shop, NOON)
    counted(session, shop)

    settled(session, shop, placed(1, 1), at=LIVE + timedelta(days=1))
    settled(session, shop, placed(2, -1), at=LIVE + timedelta(days=1))

    assert balance(session, shop) == 120


def test_without_a_wish_past_orders_earn_nothing(session, shop):
    order = placed(1, 1)
    settled(session, shop, order)

    go_live(session, shop, author="test", at=LIVE)
    settled(session, shop, later(order), at=LIVE)

    assert balance(session, shop) == 0
    assert known(session, shop, at=LIVE) == (1, NOON + timedelta(days=1))


def test_it_goes_on_where_it_was_broken_off(session, shop):
    settled(session, shop, *(placed(number, 1) for number in range(BATCH + 5)))
    goes_live(session, shop, NOON)

    is_more = count_some(session, shop, at=LIVE)
    so_far = balance(session, shop)
    counted(session, shop)

    assert is_more
    assert (so_far, balance(session, shop)) == (BATCH * 120, (BATCH + 5) * 120)


def test_orders_count_as_they_were_placed_so_that_tiers_are_reached_on_the_way(session):
    program = a_program(live=False, tiers=two_tiers(silver_from=200_00))
    shop = published(session, a_shop(session), program, at=NOON - timedelta(days=30))
    settled(session, shop, placed(3, 3), placed(2, 2), placed(1, 1))
    shown = foresee(session, shop, since=None, at=LIVE)

    goes_live(session, shop, NOON)
    counted(session, shop)

    assert shown.points == balance(session, shop) == 120 + 120 + 180


def a_giving_shop(session):
    """A preview whose silver, from 200 kroner on, gives fifty kroner off."""
    bronze, silver = two_tiers(silver_from=200_00).ladder
    tiers = Tiers(ladder=(bronze, replace(silver, entry_reward="fifty-off")))
    program = a_program(live=False, tiers=tiers)
    return published(session, a_shop(session), program, at=NOON - timedelta(days=500))


def rewards_given(session, shop):
    """The face value of what tiers have given."""
    session.flush()
    query = select(Redemption).where(
        Redemption.shop_id == shop.id, Redemption.entry_tier.is_not(None)
    )
    return sum(one.off_minor for one in session.scalars(query))


def test_rewards_of_tiers_that_past_orders_lead_to_are_foreseen_and_given(session):
    shop = a_giving_shop(session)
    settled(session, shop, placed(1, 1), placed(2, 2), placed(3, 3, customer_id="8"))
    shown = foresee(session, shop, since=None, at=LIVE)

    goes_live(session, shop, NOON)
    counted(session, shop)

    # 360 points at a krone each, and fifty kroner off for 7, who has bought for 240.
    assert (shown.points, shown.rewards_minor, shown.worth_minor) == (360, 50_00, 410_00)
    assert rewards_given(session, shop) == 50_00


def test_an_order_that_is_too_old_for_a_tier_by_now_leads_to_none(session):
    shop = a_giving_shop(session)
    settled(session, shop, placed(1, -360), placed(2, 2))
    shown = foresee(session, shop, since=None, at=LIVE)

    goes_live(session, shop, NOON - timedelta(days=360))
    counted(session, shop)

    assert (shown.points, shown.rewards_minor) == (240, 0)
    assert (balance(session, shop), rewards_given(session, shop)) == (240, 0)


def test_who_has_reached_a_tier_since_is_not_foreseen_to_get_its_reward_again(session):
    shop = a_giving_shop(session)
    settled(session, shop, placed(1, 1, total_minor=300_00))
    go_live(session, shop, author="test", at=LIVE)
    settled(session, shop, placed(2, 11, total_minor=300_00), at=LIVE + timedelta(days=1))
    soon = LIVE + timedelta(days=2)
    shown = foresee(session, shop, since=None, at=soon)

    let_past_earn(session, shop, since=NOON, author="test", at=soon)
    counted(session, shop, at=soon)

    assert (shown.points, shown.rewards_minor) == (300, 0)
    assert rewards_given(session, shop) == 50_00


def test_points_that_would_be_over_by_now_are_not_shown(session):
    program = a_program(live=False, expiry=Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=5))
    shop = published(session, a_shop(session), program, at=NOON - timedelta(days=30))
    settled(session, shop, placed(1, 1), placed(2, 8))

    assert foresee(session, shop, since=None, at=LIVE).points == 120


def test_in_a_preview_nothing_can_be_counted(session, shop):
    with pytest.raises(ProgramNotLive):
        let_past_earn(session, shop, since=NOON, author="test", at=LIVE)


def test_another_shop_is_left_alone(session, shop):
    other = a_shop(session, "other.myshopify.com")
    published(session, other, a_program(live=False), at=NOON - timedelta(days=30))
    settled(session, other, placed(1, 1))
    settled(session, shop, placed(1, 1))

    goes_live(session, shop, NOON)
    counted(session, shop)

    assert member_of(session, other.id, "7").available == 0


def test_past_orders_do_not_earn_in_a_pause_which_would_then_be_theirs(session, shop):
    settled(session, shop, placed(1, 1))
    go_live(session, shop, author="test", at=LIVE)
    pause(session, shop, author="test", at=LIVE)

    with pytest.raises(ProgramPaused):
        let_past_earn(session, shop, since=NOON, author="test", at=LIVE)
    resume(session, shop, author="test", at=LIVE)
    let_past_earn(session, shop, since=NOON, author="test", at=LIVE)
    counted(session, shop)

    assert balance(session, shop) == 120
