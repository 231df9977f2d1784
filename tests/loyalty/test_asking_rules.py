"""Rules that ask about more than the order: history, catalog, calendar, budgets and tiers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.campaigns import Campaign
from app.domain.products import ProductFacts, Products
from app.domain.program import Expiry, ExpiryKind
from app.domain.rules import EarningRule, RuleKind
from app.domain.segments import Segment, Stage
from app.domain.text import text
from app.domain.tiers import Loss, Measure, Tier, Tiers
from app.loyalty.adjust import adjust
from app.loyalty.expire import expire_inactive, expire_points
from app.loyalty.publish import publish
from app.loyalty.retier import retier
from app.loyalty.set_floor import set_floor
from app.loyalty.settle import Fact, OrderDue, settle
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.member import member_of
from app.models.order import OrderRecord, awaiting_catalog
from app.models.product import keep_product
from app.models.tally import Tally
from tests.builders import (
    a_line,
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

BONUS = {"kind": RuleKind.PER_ORDER, "points": 500}


def a_rule(code="bonus", **changes):
    return EarningRule(code=code, **BONUS | changes)


def a_campaign(code="week", **changes):
    return Campaign(code=code, name=text(code.title()), **changes)


def open_shop(session, timezone="UTC", **settings):
    return published(session, a_shop(session, timezone=timezone), a_program(**settings))


def orders(count, **changes):
    """One order a day."""
    return [
        an_order(str(number), placed_at=NOON + timedelta(days=number), **changes)
        for number in range(1, count + 1)
    ]


def given(session, shop):
    """What each order gave."""
    session.flush()
    rows = session.scalars(select(OrderRecord).where(OrderRecord.shop_id == shop.id))
    return {row.order_id: row.award.points for row in rows if row.award is not None}


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        pytest.param(a_rule(nth_order=1), [500, 0, 0, 0], id="first"),
        pytest.param(a_rule(nth_order=3), [0, 0, 500, 0], id="third"),
        pytest.param(a_rule(every_nth=2), [0, 500, 0, 500], id="every second"),
    ],
)
def test_a_rule_may_be_for_a_certain_order(session, rule, points):
    shop = open_shop(session, earning=(rule,))

    for order in orders(4):
        settled(session, shop, order)

    assert list(given(session, shop).values()) == points


def test_an_order_that_came_back_is_not_counted_as_bought(session):
    shop = open_shop(session, earning=(a_rule(nth_order=2),))
    first, second = orders(2)

    settled(session, shop, first, refunded(first), second)

    assert given(session, shop)["2"] == 0


def test_a_segment_is_what_the_member_was_before_the_order(session):
    segment = Segment(code="news", stages=frozenset({Stage.PROSPECT, Stage.FIRST_TIME}))
    shop = open_shop(session, earning=(a_rule(segment="news"),), segments=(segment,))

    settled(session, shop, *orders(3))

    assert list(given(session, shop).values()) == [500, 500, 0]


SATURDAY = datetime(2026, 6, 6, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(("timezone", "points"), [("UTC", 240), ("Europe/Copenhagen", 120)])
def test_a_campaign_goes_by_the_days_of_the_shop(session, timezone, points):
    weekend = a_campaign(percent=200, weekdays=frozenset({5}))
    shop = open_shop(session, timezone, campaigns=(weekend,))

    settled(session, shop, an_order(placed_at=SATURDAY, paid_at=SATURDAY), at=SATURDAY)

    assert balance(session, shop) == points


@pytest.mark.parametrize(
    ("day", "points"),
    [
        pytest.param(date(2026, 5, 31), 120, id="G03 ended yesterday"),
        pytest.param(date(2026, 6, 1), 240, id="G02 ends today"),
    ],
)
def test_a_campaign_includes_its_last_day(session, day, points):
    shop = open_shop(session, campaigns=(a_campaign(percent=200, ends_on=day),))

    settled(session, shop, an_order())

    assert balance(session, shop) == points


def test_g03_a_campaign_that_starts_tomorrow_is_not_on(session):
    tomorrow = date(2026, 6, 2)
    shop = open_shop(session, campaigns=(a_campaign(percent=200, starts_on=tomorrow),))

    settled(session, shop, an_order())

    assert balance(session, shop) == 120


@pytest.mark.parametrize(
    ("total_minor", "points"),
    [(1005_00, 1005), (1006_00, 2012)],
    ids=["G01 below the minimum", "G01 at the minimum"],
)
def test_a_campaign_may_ask_for_a_minimum(session, total_minor, points):
    shop = open_shop(session, campaigns=(a_campaign(percent=200, minimum_minor=1006_00),))

    settled(session, shop, an_order(total_minor=total_minor))

    assert balance(session, shop) == points


def test_campaigns_compose_with_tiers_and_cover_their_products_only(session):
    mugs = Products(skus=frozenset({"MUG"}))
    shop = open_shop(
        session,
        tiers=two_tiers(1, 150),
        campaigns=(a_campaign(percent=300, products=mugs, bonus_points=7),),
    )
    settled(session, shop, an_order("0", total_minor=1_00))
    basket = an_order(lines=(a_line("1", 10_00, sku="MUG"), a_line("2", 20_00)))

    settled(session, shop, basket)

    # 10 mugs' points and 20 others, half as much again for silver, the mugs three times, and 7.
    assert given(session, shop)["1001"] == 10 * 3 * 3 // 2 + 20 * 3 // 2 + 7


def test_a_budget_is_given_out_to_the_last_point_and_no_further(session):
    shop = open_shop(session, earning=(a_rule(budget_points=1200),))

    for order in orders(4):
        settled(session, shop, order)

    assert list(given(session, shop).values()) == [500, 500, 200, 0]
    assert session.get(Tally, (shop.id, "bonus")).given == 1200


def test_a_campaign_has_a_budget_too(session):
    shop = open_shop(session, campaigns=(a_campaign(percent=200, budget_points=150),))

    settled(session, shop, *orders(3))

    assert list(given(session, shop).values()) == [240, 150, 120]


def test_one_order_gets_no_more_than_a_rules_cap(session):
    shop = open_shop(session, earning=(a_rule(most_points=80),))

    settled(session, shop, an_order())

    assert balance(session, shop) == 80


CATALOG = {"tags": frozenset({"ceramic"})}


def ceramic(**changes):
    line = a_line("1", 120_00, product_id="p1")
    return an_order(lines=(line,), **changes)


def test_an_order_waits_for_what_the_catalog_says(session):
    rule = EarningRule(code="r", points=2, include=Products(**CATALOG))
    shop = open_shop(session, earning=(rule,))

    settled(session, shop, ceramic())
    before = balance(session, shop)
    queued = [
        (row.kind, row.subject)
        for row in session.scalars(select(EffectRow).where(EffectRow.shop_id == shop.id))
    ]
    keep_product(session, shop.id, "p1", ProductFacts(tags=("ceramic",)), at=NOON)
    waiting = [record.order_id for record in awaiting_catalog(session, shop.id, 10)]
    settle(session, shop, [Fact(OrderDue(order_id), NOON) for order_id in waiting * 2])

    assert (before, queued, waiting) == (0, [("FetchProduct", "p1")], ["1001"])
    assert balance(session, shop) == 240
    assert awaiting_catalog(session, shop.id, 10) == []


def test_what_the_catalog_says_later_does_not_change_a_refund(session):
    rule = EarningRule(code="r", points=2, include=Products(**CATALOG))
    shop = open_shop(session, earning=(rule,))
    keep_product(session, shop.id, "p1", ProductFacts(tags=("ceramic",)), at=NOON)
    settled(session, shop, ceramic())

    keep_product(session, shop.id, "p1", ProductFacts(), at=NOON)
    settled(session, shop, refunded(ceramic()))

    assert balance(session, shop) == 0
    assert verify(session, shop).holds


def test_a_category_is_new_once(session):
    shop = open_shop(session, earning=(a_rule(kind=RuleKind.NEW_CATEGORY, points=50),))
    keep_product(session, shop.id, "p1", ProductFacts(category="Cups"), at=NOON)
    keep_product(session, shop.id, "p2", ProductFacts(category="Bowls"), at=NOON)
    bowl = a_line("2", product_id="p2")

    first, second = orders(2, lines=(a_line("1", product_id="p1"),))
    settled(session, shop, first, replace(second, lines=(*second.lines, bowl)))

    assert list(given(session, shop).values()) == [50, 50]


def three_tiers(**changes):
    ladder = [("basic", 0, 0), ("silver", 100_00, 30), ("gold", 500_00, 70)]
    return Tiers(
        ladder=tuple(
            Tier(code=code, name=text(code), threshold=threshold, entry_points=points)
            for code, threshold, points in ladder
        ),
        **changes,
    )


def test_each_tier_passed_is_rewarded_once_and_taken_back_with_its_order(session):
    shop = open_shop(session, tiers=three_tiers(loss=Loss.AT_ONCE))
    order = an_order(total_minor=600_00)

    settled(session, shop, order, order)
    after_order = balance(session, shop)
    settled(session, shop, refunded(order))
    after_refund = balance(session, shop)
    settled(session, shop, an_order("2", total_minor=150_00))

    assert (after_order, after_refund) == (600 + 30 + 70, 0)
    assert balance(session, shop) == 150 + 30
    assert verify(session, shop).holds


def test_f17_a_tier_may_follow_the_balance(session):
    tiers = Tiers(
        ladder=(
            Tier(code="basic", name=text("Basic"), threshold=0),
            Tier(code="silver", name=text("Silver"), threshold=100),
            Tier(code="gold", name=text("Gold"), threshold=500),
        ),
        measure=Measure.BALANCE,
        loss=Loss.AT_ONCE,
        grace_days=0,
    )
    shop = open_shop(session, tiers=tiers)
    settled(session, shop, an_order(total_minor=100_00))
    member = member_of(session, shop.id, "7")

    seen = [member.tier]
    for points in (-50, 500):
        adjust(session, shop, member.id, points, note="", key=str(points), at=NOON)
        seen.append(member.tier)

    assert (seen, member.available) == (["silver", "basic", "gold"], 550)


def test_a_new_ladder_moves_members_when_it_counts(session):
    shop = open_shop(session, tiers=three_tiers())
    settled(session, shop, an_order(total_minor=90_00))
    member = member_of(session, shop.id, "7")
    tomorrow = NOON + timedelta(days=1)

    easier = a_program(tiers=two_tiers(silver_from=50_00))
    publish(session, shop, easier, author="test", effective_at=tomorrow, at=NOON)
    seen = []
    for moment in (NOON, tomorrow, tomorrow):
        retier(session, shop, at=moment)
        seen.append(member.tier)

    assert seen == ["basic", "silver", "silver"]
    assert retier(session, shop, at=tomorrow) == 0


def test_a_floor_set_by_hand_holds_until_its_end(session):
    shop = open_shop(session, tiers=three_tiers(loss=Loss.AT_ONCE))
    settled(session, shop, an_order(total_minor=10_00))
    member = member_of(session, shop.id, "7")
    end = NOON + timedelta(days=90)

    set_floor(session, shop, member.id, "silver", reason="A kind word", until=end, at=NOON)
    held = member.tier
    set_floor(session, shop, member.id, None, reason="", at=NOON)

    assert (held, member.tier, member.available) == ("silver", "basic", 10)


def test_points_that_expired_are_not_taken_back_once_more(session):
    expiry = Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10)
    shop = open_shop(session, expiry=expiry)
    order = an_order(lines=(a_line("1", 60_00), a_line("2", 60_00)))
    settled(session, shop, order)
    expire_points(session, shop, at=NOON + timedelta(days=10))
    fresh = NOON + timedelta(days=11)
    second = an_order("2", placed_at=fresh, paid_at=fresh, total_minor=50_00)
    settled(session, shop, second, at=fresh)

    settled(session, shop, refunded(order), at=fresh)
    after_part = balance(session, shop)
    settled(session, shop, later(order, 9, canceled_at=fresh), at=fresh)

    assert (after_part, balance(session, shop)) == (50, 50)
    assert verify(session, shop).holds


def test_c13_a_whole_balance_ends_by_inactivity(session):
    expiry = Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=12)
    shop = open_shop(session, expiry=expiry)
    first, last = NOON, NOON + timedelta(days=364)
    settled(session, shop, an_order("1", total_minor=500_00), at=first)
    settled(session, shop, an_order("2", total_minor=100_00, paid_at=last), at=last)

    expire_inactive(session, shop, at=last.replace(year=last.year + 1) - timedelta(seconds=1))
    before = balance(session, shop)
    for _ in range(2):
        expire_inactive(session, shop, at=last.replace(year=last.year + 1))

    assert (before, balance(session, shop)) == (600, 0)
    assert verify(session, shop).holds
