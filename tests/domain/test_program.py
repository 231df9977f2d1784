"""A program: its parts by their codes, and what it cannot be."""

import pytest

from app.domain.effects import FetchOrder
from app.domain.errors import InvalidProgram
from app.domain.lots import holding
from app.domain.products import Multiplier, ProductFacts, Products, with_facts
from app.domain.rewards import RewardKind
from app.domain.rules import ActionRule
from app.domain.text import text
from app.domain.tiers import Tier, Tiers
from tests.builders import a_line, a_program, a_reward
from tests.domain.test_lots import gained


def test_parts_are_found_by_their_codes_and_by_no_other():
    review, newsletter = (ActionRule(code=code, points=5) for code in ("review", "newsletter"))
    one, other = a_reward(), a_reward(code="other")
    program = a_program(actions=(newsletter, review), rewards=(one, other))

    assert (program.action("review"), program.action("birthday")) == (review, None)
    assert (program.reward("other"), program.reward("none")) == (other, None)


def test_a_multiplier_says_what_it_cannot_be():
    red = Products(tags=frozenset({"red"}))
    with pytest.raises(InvalidProgram) as refused:
        Multiplier(red, -1)

    assert [str(one) for one in refused.value.mistakes] == ["A multiplier cannot be -1 percent."]
    assert Multiplier(red, 0).percent == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"points": 0}, "The action review must give at least 1 point."),
        ({"per_day": 0}, "A limit of the action review must be at least 1."),
        ({"per_lifetime": 0}, "A limit of the action review must be at least 1."),
        ({"budget_points": 0}, "A limit of the action review must be at least 1."),
    ],
)
def test_an_action_says_what_it_cannot_be(settings, said):
    with pytest.raises(InvalidProgram) as refused:
        ActionRule(**{"code": "review", "points": 1} | settings)

    assert [str(one) for one in refused.value.mistakes] == [said]
    one_of_each = {"per_day": 1, "per_lifetime": 1, "budget_points": 1}
    assert ActionRule(code="review", points=1, **one_of_each).points == 1


def test_mistakes_are_told_one_after_the_other():
    assert str(InvalidProgram("One.", "Another.")) == "One.; Another."


def test_what_the_catalog_says_is_put_on_the_lines_that_it_knows():
    known, unknown = a_line("1", product_id="p1"), a_line("2", product_id="p2")
    facts = {"p1": ProductFacts(("red",), ("77",), "Cups")}

    first, second = with_facts((known, unknown), facts)

    assert (first.tags, first.collections, first.category) == (("red",), ("77",), "Cups")
    assert second == unknown


def a_ladder(**silver):
    bronze = Tier(code="bronze", name=text("Bronze"), threshold=0)
    return Tiers(ladder=(bronze, Tier(code="silver", name=text("Silver"), threshold=1, **silver)))


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        ("none-such", "Silver gives a reward none-such that is not."),
        ("slider", "Silver cannot give Slider: it is worth what is paid for it."),
        ("trees", "Silver cannot give Trees: it is worth what is paid for it."),
    ],
)
def test_a_tier_gives_what_there_is_and_what_is_worth_something_by_itself(gives, said):
    rewards = (
        a_reward(),
        a_reward(code="slider", kind=RewardKind.SLIDER, name=text("Slider")),
        a_reward(code="trees", kind=RewardKind.DONATION, off_minor=0, name=text("Trees")),
    )
    with pytest.raises(InvalidProgram) as refused:
        a_program(tiers=a_ladder(entry_reward=gives), rewards=rewards)

    assert [str(one) for one in refused.value.mistakes] == [said]
    assert a_program(tiers=a_ladder(entry_reward="fifty-off"), rewards=rewards)


@pytest.mark.parametrize(
    ("silver", "gives"),
    [({}, False), ({"entry_points": 1}, True), ({"entry_reward": "fifty-off"}, True)],
)
def test_a_tier_may_give_points_or_a_reward(silver, gives):
    assert a_ladder(**silver).ladder[1].rewards_entry is gives


@pytest.mark.parametrize(("measured", "tier"), [(0, "bronze"), (-5, "bronze"), (1, "silver")])
def test_a_tier_may_begin_at_one(measured, tier):
    assert a_ladder().reached(measured).code == tier


def test_what_is_held_without_some_lots_is_the_others():
    held = holding([gained(50), gained(70)])

    first, second = held.lots
    left = held.without([first])
    assert (left.lots, left.balance) == ((second,), second.points)
    assert held.without([]) == held


def test_an_effect_is_about_one_thing():
    assert FetchOrder.about("1001") == FetchOrder("1001")
