"""What no program can be, told in a sentence that names the part and the reason."""

from datetime import date

import pytest

from app.domain.campaigns import Campaign
from app.domain.errors import InvalidProgram
from app.domain.program import Expiry, ExpiryKind
from app.domain.rewards import RewardKind
from app.domain.rules import ActionRule, EarningRule
from app.domain.segments import Segment, Stages
from app.domain.text import text
from tests.builders import a_program, a_reward, two_tiers


def a_rule(**settings):
    return EarningRule(**{"code": "spend", "points": 1, "per_minor": 100} | settings)


def a_campaign(**settings):
    return Campaign(**{"code": "double", "name": text("Double"), "percent": 200} | settings)


def of(kind, **settings):
    """A reward of a kind that may stand with or without an amount."""
    return a_reward(kind=kind, name=text("It"), **settings)


def mistakes_of(make):
    with pytest.raises(InvalidProgram) as refused:
        make()
    return [str(one) for one in refused.value.mistakes]


EXCLUSIVE_NEEDS = (
    "It needs either a tag, or products or collections with an amount or a percentage off."
)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: a_rule(points=-1), "The rule spend cannot give -1 points."),
        (lambda: a_rule(per_minor=0), "The rule spend must give points per an amount above 0."),
        (
            lambda: a_rule(nth_order=0),
            "The order number of the rule spend must be at least 1.",
        ),
        (
            lambda: a_rule(every_nth=0),
            "The number of orders of the rule spend must be at least 1.",
        ),
        (lambda: a_rule(most_points=0), "The cap of the rule spend must be at least 1."),
        (lambda: a_rule(budget_points=0), "The budget of the rule spend must be at least 1."),
    ],
)
def test_a_rule_says_what_it_cannot_be(make, said):
    assert mistakes_of(make) == [said]


def test_a_rule_may_give_nothing_and_have_a_limit_of_one():
    ones = {"nth_order": 1, "every_nth": 1, "most_points": 1, "budget_points": 1}

    assert a_rule(points=0, per_minor=1, **ones).points == 0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: a_campaign(starts_on=date(2026, 6, 2), ends_on=date(2026, 6, 1)),
            "Double ends on 2026-06-01, before it starts.",
        ),
        (
            lambda: a_campaign(weekdays=frozenset({7})),
            "Double names weekdays from 0 (Monday) to 6.",
        ),
        (lambda: a_campaign(percent=-1), "Double cannot take points away."),
        (lambda: a_campaign(bonus_points=-1), "Double cannot take points away."),
        (lambda: a_campaign(budget_points=0), "The budget of Double must be at least 1 point."),
        (lambda: Expiry(count=0), "Points must live for at least one day or month."),
        (
            lambda: Stages(loyal_orders=1),
            "Loyal begins at 2 orders, and lost is later than at risk.",
        ),
        (
            lambda: Stages(at_risk_days=0),
            "Loyal begins at 2 orders, and lost is later than at risk.",
        ),
        (
            lambda: Stages(at_risk_days=90, lost_days=90),
            "Loyal begins at 2 orders, and lost is later than at risk.",
        ),
    ],
)
def test_a_campaign_an_expiry_and_stages_say_what_they_cannot_be(make, said):
    assert mistakes_of(make) == [said]


def test_stages_and_lives_may_be_as_short_as_they_get():
    assert Stages(loyal_orders=2, at_risk_days=1, lost_days=2).loyal_orders == 2
    assert Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=1).count == 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: a_reward(cost_points=0), "50 kr. off must cost at least 1 point, not 0."),
        (lambda: a_reward(off_minor=0), "50 kr. off must take an amount off the order."),
        (
            lambda: of(RewardKind.SLIDER, off_minor=0),
            "It must take an amount off the order.",
        ),
        (
            lambda: of(RewardKind.FREE_PRODUCT, off_minor=0),
            "It must say what the product costs.",
        ),
        (lambda: of(RewardKind.GIFT_CARD, off_minor=0), "It must be worth an amount."),
        (lambda: of(RewardKind.STORE_CREDIT, off_minor=0), "It must be worth an amount."),
        (
            lambda: of(RewardKind.PERCENT_OFF, off_minor=0, off_percent=0),
            "It must take 1 to 100 percent off.",
        ),
        (
            lambda: of(RewardKind.PERCENT_OFF, off_minor=0, off_percent=101),
            "It must take 1 to 100 percent off.",
        ),
        (lambda: a_reward(most_percent=0), "50 kr. off can pay 1 to 100 percent of an order."),
        (lambda: a_reward(most_percent=101), "50 kr. off can pay 1 to 100 percent of an order."),
        (
            lambda: a_reward(valid_days=0),
            "A code for 50 kr. off must be good for at least one day.",
        ),
        (
            lambda: a_reward(per_member=0),
            "50 kr. off must be there at least once for each member.",
        ),
        (lambda: of(RewardKind.FREE_PRODUCT), "It must name the products that are free."),
        (lambda: of(RewardKind.EXCLUSIVE), EXCLUSIVE_NEEDS),
        (
            lambda: of(RewardKind.EXCLUSIVE, tag="vip", products=("1",)),
            EXCLUSIVE_NEEDS,
        ),
        (
            lambda: of(RewardKind.EXCLUSIVE, products=("1",), off_minor=0),
            EXCLUSIVE_NEEDS,
        ),
        (
            lambda: of(RewardKind.EXCLUSIVE, collections=("1",), off_percent=10),
            EXCLUSIVE_NEEDS,
        ),
        (
            lambda: a_reward(tag="vip"),
            "50 kr. off has a tag, which only an exclusive reward has.",
        ),
        (
            lambda: of(RewardKind.GIFT_CARD, products=("1",)),
            "It cannot be limited to certain products.",
        ),
        (
            lambda: a_reward(steps=("Wrap it",)),
            "50 kr. off has steps, but nobody does it by hand.",
        ),
        (
            lambda: of(RewardKind.SLIDER, pooled=True),
            "The codes of It cannot be made ahead.",
        ),
        (
            lambda: of(RewardKind.GIFT_CARD, pooled=True),
            "The codes of It cannot be made ahead.",
        ),
    ],
)
def test_a_reward_says_what_it_cannot_be(make, said):
    assert mistakes_of(make) == [said]


def test_a_reward_may_be_as_small_as_it_gets():
    one = {"most_percent": 1, "valid_days": 1, "per_member": 1}

    assert a_reward(cost_points=1, off_minor=1, **one).cost_points == 1
    assert a_reward(most_percent=100).most_percent == 100
    for percent in (1, 100):
        assert of(RewardKind.PERCENT_OFF, off_minor=0, off_percent=percent)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"currency": "KRONER"}, "“KRONER” is not a currency code like DKK."),
        ({"currency": "dkk"}, "“dkk” is not a currency code like DKK."),
        ({"earning": (a_rule(), a_rule())}, "Each earning rule needs a code of its own: spend."),
        ({"rewards": (a_reward(), a_reward())}, "Each reward needs a code of its own: fifty-off."),
        (
            {"actions": (ActionRule(code="review", points=1),) * 2},
            "Each action needs a code of its own: review.",
        ),
        (
            {"campaigns": (a_campaign(), a_campaign())},
            "Each campaign needs a code of its own: double.",
        ),
        (
            {"segments": (Segment(code="a"), Segment(code="a"))},
            "Each segment needs a code of its own: a.",
        ),
        (
            {"earning": (a_rule(code="b"), a_rule(code="a"), a_rule(code="b"))},
            "Each earning rule needs a code of its own: b.",
        ),
        (
            {"earning": (a_rule(segment="loyal"),)},
            "spend is for a segment loyal that is not.",
        ),
        (
            {"campaigns": (a_campaign(segment="loyal"),)},
            "double is for a segment loyal that is not.",
        ),
        (
            {"campaigns": (a_campaign(tiers=("silver", "gold")),), "tiers": two_tiers()},
            "Double is for a tier gold that is not.",
        ),
        ({"rewards": (a_reward(tier="gold"),)}, "50 kr. off asks for a tier gold that is not."),
        (
            {"rewards": (of(RewardKind.SLIDER, cost_points=100, least_points=150),)},
            "It must begin at a whole number of its steps.",
        ),
        ({"available_after_days": -1}, "Days and points of a program cannot be below 0."),
        ({"guest_days": -1}, "Days and points of a program cannot be below 0."),
        ({"join_points": -1}, "Days and points of a program cannot be below 0."),
    ],
)
def test_a_program_says_what_it_cannot_be(settings, said):
    assert mistakes_of(lambda: a_program(**settings)) == [said]


def test_a_program_may_name_what_is_there_and_count_from_nothing():
    program = a_program(
        earning=(a_rule(segment="loyal"),),
        segments=(Segment(code="loyal"),),
        tiers=two_tiers(),
        campaigns=(a_campaign(tiers=("silver",), segment="loyal"),),
        rewards=(a_reward(tier="silver"),),
        available_after_days=0,
        guest_days=0,
        join_points=0,
    )

    assert program.segment("loyal") == Segment(code="loyal")
