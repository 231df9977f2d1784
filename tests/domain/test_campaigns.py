"""Campaigns: on which days they run, whom they are for, and what they add to an order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.campaigns import Campaign
from app.domain.earning import Context, award_for
from app.domain.errors import InvalidProgram
from app.domain.products import Products
from app.domain.program import Basis
from app.domain.rules import EarningRule, RuleKind
from app.domain.segments import History, Segment, Stage, Stages
from app.domain.text import text
from tests.builders import a_line, a_program, an_order, two_tiers
from tests.databases import NOON

MONDAY = datetime(2026, 6, 1, 23, 59, tzinfo=UTC)
LINES = (a_line("1", 100_00, product_id="tea"), a_line("2", 60_00, product_id="cup"))


def a_campaign(**changes):
    return Campaign(**{"code": "double", "name": text("Double"), "percent": 200} | changes)


def earned(campaign, *, tier=None, left=None, history=None, local=NOON, lines=LINES, **program):
    """What an order of 100 for tea and 60 for a cup earns at a point per krone."""
    facts = {"campaigns": (campaign,), "tiers": two_tiers()} | program
    program = a_program(**facts)
    context = Context(local, history or History(), left or {})
    return award_for(
        an_order(lines=lines), program, 1, program.tiers.named(tier or "bronze"), context
    )


@pytest.mark.parametrize(
    ("settings", "runs"),
    [
        ({}, True),
        ({"starts_on": date(2026, 6, 1)}, True),
        ({"starts_on": date(2026, 6, 2)}, False),
        ({"ends_on": date(2026, 6, 1)}, True),
        ({"ends_on": date(2026, 5, 31)}, False),
        ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 7, 1)}, True),
        ({"weekdays": frozenset({0})}, True),
        ({"weekdays": frozenset({1, 6})}, False),
        ({"weekdays": frozenset({0}), "ends_on": date(2026, 5, 31)}, False),
    ],
)
def test_a_campaign_runs_on_its_first_and_last_day_and_its_weekdays(settings, runs):
    assert a_campaign(**settings).runs_on(MONDAY) is runs


@pytest.mark.parametrize(
    "settings",
    [
        {"starts_on": date(2026, 6, 2), "ends_on": date(2026, 6, 1)},
        {"weekdays": frozenset({7})},
        {"weekdays": frozenset({-1})},
        {"percent": -1},
        {"bonus_points": -1},
        {"budget_points": 0},
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(settings):
    with pytest.raises(InvalidProgram):
        a_campaign(**settings)


def test_a_campaign_may_last_a_day_give_nothing_and_have_a_point_to_give():
    day = date(2026, 6, 1)
    campaign = a_campaign(starts_on=day, ends_on=day, percent=0, bonus_points=0, budget_points=1)

    assert campaign.runs_on(MONDAY)


@pytest.mark.parametrize(
    ("settings", "points", "added"),
    [
        ({}, 320, 160),
        ({"percent": 150}, 240, 80),
        ({"percent": 100, "bonus_points": 25}, 185, 25),
        ({"bonus_points": 25}, 345, 185),
        ({"percent": 0}, 0, -160),
        ({"products": Products(product_ids=frozenset({"cup"}))}, 220, 60),
        ({"products": Products(product_ids=frozenset({"hat"}))}, 160, 0),
        (
            {
                "percent": 100,
                "bonus_points": 10,
                "products": Products(product_ids=frozenset({"hat"})),
            },
            160,
            0,
        ),
    ],
)
def test_a_campaign_adds_to_what_rules_gave(settings, points, added):
    award = earned(a_campaign(**settings))

    assert (award.points, dict(award.campaigns)) == (points, {"double": added})


def test_a_bonus_lies_on_the_lines_it_is_for():
    both = earned(a_campaign(percent=100, bonus_points=16))
    cups = Products(product_ids=frozenset({"cup"}))
    one = earned(a_campaign(percent=100, bonus_points=16, products=cups))

    assert dict(both.weights) == {"1": 5, "2": 3}
    assert dict(one.weights) == {"1": 25, "2": 19}


def test_a_campaign_composes_with_the_tier_and_leaves_bonuses_alone():
    fixed = EarningRule(code="order", kind=RuleKind.PER_ORDER, points=7)
    spend = EarningRule(code="spend", points=1, per_minor=100)

    assert earned(a_campaign(), tier="silver").points == 480
    assert earned(a_campaign(), tier="silver", earning=(spend, fixed)).points == 487


def test_shipping_that_earns_is_multiplied_too_unless_the_campaign_names_products():
    basis = Basis(shipping=True)
    order = an_order(lines=LINES, shipping_minor=40_00)
    everything = a_program(basis=basis, campaigns=(a_campaign(),))
    cups = a_program(
        basis=basis,
        campaigns=(a_campaign(products=Products(product_ids=frozenset({"cup"}))),),
    )

    assert award_for(order, everything, 1, None).points == 400
    assert award_for(order, cups, 1, None).points == 260


@pytest.mark.parametrize(
    ("settings", "tier", "applies"),
    [
        ({"tiers": frozenset({"silver"})}, "silver", True),
        ({"tiers": frozenset({"silver"})}, "bronze", False),
        ({"minimum_minor": 160_00}, "bronze", True),
        ({"minimum_minor": 160_01}, "bronze", False),
        ({"weekdays": frozenset({0})}, "bronze", True),
        ({"weekdays": frozenset({1})}, "bronze", False),
    ],
)
def test_a_campaign_is_for_some_tiers_orders_and_days(settings, tier, applies):
    award = earned(a_campaign(**settings), tier=tier)

    assert bool(award.campaigns) is applies


def test_a_segment_by_stage_is_asked_by_the_programs_own_stages():
    campaign = a_campaign(segment="fond")
    segment = Segment(code="fond", stages=frozenset({Stage.LOYAL}))
    twice = History(tuple((NOON - timedelta(days=days), 50_00) for days in (5, 9)))
    facts = {"segments": (segment,), "history": twice}

    assert earned(campaign, **facts, stages=Stages(loyal_orders=2)).points == 320
    assert earned(campaign, **facts, stages=Stages(loyal_orders=3)).points == 160


def test_a_campaign_without_a_segment_is_for_everybody_whatever_segments_there_are():
    assert earned(a_campaign(), segments=(Segment(code="back", least_orders=1),)).points == 320


def test_what_costs_an_ore_carries_a_bonus_and_what_is_free_does_not():
    ore, free = a_line("1", 1, product_id="tea"), a_line("2", 0, product_id="cup")
    step = EarningRule(code="spend", points=1, per_minor=1)
    award = earned(a_campaign(percent=100, bonus_points=8), lines=(ore, free), earning=(step,))

    assert (award.points, [line_id for line_id, _ in award.weights]) == (9, ["1"])


def test_a_bonus_on_goods_lies_on_no_shipping():
    basis = Basis(shipping=True)
    order = an_order(lines=LINES, shipping_minor=40_00)
    bonus = a_program(basis=basis, campaigns=(a_campaign(percent=100, bonus_points=16),))

    award = award_for(order, bonus, 1, None)

    assert (award.points, dict(award.weights)) == (216, {"1": 55, "2": 33, "shipping": 20})


def test_a_campaign_for_a_segment_looks_at_what_was_bought_before():
    segment = Segment(code="back", least_orders=1)
    campaign = a_campaign(segment="back")
    before = History(((NOON - timedelta(days=5), 50_00),))

    assert earned(campaign, segments=(segment,)).points == 160
    assert earned(campaign, segments=(segment,), history=before).points == 320


@pytest.mark.parametrize(
    ("left", "points"),
    [(1000, 345), (185, 345), (184, 344), (10, 170), (1, 161), (0, 160), (-5, 160)],
)
def test_a_campaign_gives_no_more_than_is_left_of_its_budget(left, points):
    campaign = a_campaign(bonus_points=25, budget_points=1000)

    assert earned(campaign, left={"double": left}).points == points


def test_where_no_rule_fired_a_campaign_adds_nothing():
    rule = EarningRule(code="spend", points=1, per_minor=100, minimum_minor=500_00)
    award = earned(a_campaign(bonus_points=50), earning=(rule,))

    assert (award.points, award.campaigns) == (0, ())
