"""A plan stays its own change, whatever is changed before its day."""

from dataclasses import replace

import pytest

from app.domain.errors import InvalidProgram
from app.domain.plans import plan_after, plans_after
from app.domain.program import Basis
from app.domain.text import text
from app.domain.tiers import Tier
from tests.builders import a_program, a_reward, two_tiers

NOW = a_program(tiers=two_tiers())
TEN_OFF = a_reward(code="ten-off", cost_points=10)
PLATINUM = Tier(code="platinum", name=text("Platinum"), threshold=500_00)
GOLD = Tier(code="gold", name=text("Gold"), threshold=300_00)


def with_tiers(program, *ladder):
    """The program with another ladder."""
    return replace(program, tiers=replace(program.tiers, ladder=ladder))


def with_rewards(letters):
    """The program with a reward of each letter; the plan has changed those with a capital."""
    rewards = (
        a_reward(code=letter.lower(), cost_points=40 if letter.isupper() else 50)
        for letter in letters
    )
    return replace(NOW, rewards=tuple(rewards))


BRONZE, SILVER = NOW.tiers.ladder


@pytest.mark.parametrize(
    ("plan", "after", "then"),
    [
        pytest.param(
            replace(NOW, join_points=9),
            replace(NOW, pos_earns=False),
            replace(NOW, join_points=9, pos_earns=False),
            id="another setting is taken over",
        ),
        pytest.param(
            replace(NOW, join_points=9),
            replace(NOW, join_points=5),
            replace(NOW, join_points=9),
            id="of the same setting the plan's word holds",
        ),
        pytest.param(
            replace(NOW, basis=Basis(tax=False)),
            replace(NOW, basis=Basis(shipping=True)),
            replace(NOW, basis=Basis(tax=False, shipping=True)),
            id="within a setting of several parts",
        ),
        pytest.param(
            replace(NOW, rewards=(a_reward(cost_points=40),)),
            replace(NOW, rewards=(a_reward(off_minor=60_00), TEN_OFF)),
            replace(NOW, rewards=(a_reward(cost_points=40, off_minor=60_00), TEN_OFF)),
            id="within a part, and a new part",
        ),
        pytest.param(
            replace(NOW, rewards=(a_reward(), TEN_OFF)),
            replace(NOW, rewards=()),
            replace(NOW, rewards=(TEN_OFF,)),
            id="what was taken away before goes from the plan",
        ),
        pytest.param(
            replace(NOW, rewards=()),
            replace(NOW, rewards=(a_reward(cost_points=40),)),
            replace(NOW, rewards=()),
            id="what the plan takes away stays away",
        ),
        pytest.param(
            replace(NOW, rewards=(a_reward(cost_points=40),)),
            replace(NOW, rewards=()),
            replace(NOW, rewards=(a_reward(cost_points=40),)),
            id="what the plan changes stays in it",
        ),
        pytest.param(
            with_tiers(NOW, BRONZE, SILVER, PLATINUM),
            with_tiers(NOW, BRONZE, SILVER, GOLD),
            with_tiers(NOW, BRONZE, SILVER, GOLD, PLATINUM),
            id="a new tier stands where it belongs",
        ),
        pytest.param(
            replace(NOW, name=text("Christmas")),
            replace(NOW, name=text("Club")),
            replace(NOW, name=text("Christmas")),
            id="a text is one word, not parts",
        ),
        pytest.param(
            NOW, replace(NOW, join_points=5), replace(NOW, join_points=5), id="going back"
        ),
        pytest.param(
            replace(NOW, join_points=5),
            replace(NOW, join_points=5),
            replace(NOW, join_points=5),
            id="what is published early",
        ),
    ],
)
def test_a_plan_takes_over_what_it_does_not_change_itself(plan, after, then):
    assert plan_after(plan, NOW, after) == then


def test_a_plan_whose_parts_do_not_fit_any_more_is_refused():
    plan = with_tiers(NOW, BRONZE, replace(SILVER, entry_reward="fifty-off"))

    with pytest.raises(InvalidProgram, match="gives a reward fifty-off that is not"):
        plan_after(plan, NOW, replace(NOW, rewards=()))


def test_behind_a_plan_that_is_published_early_the_others_stay():
    plan, back = replace(NOW, join_points=9), NOW
    other = replace(NOW, pos_earns=False)

    assert plans_after([NOW, other, plan, back], plan) == [
        plan,
        replace(other, join_points=9),
        plan,
        back,
    ]


@pytest.mark.parametrize(
    ("before", "plan", "after", "then"),
    [
        pytest.param("abc", "abC", "cab", "Cab", id="parts that were moved stay there"),
        pytest.param("ab", "aB", "nab", "naB", id="a new part stands where it was put"),
        pytest.param("ab", "abxy", "bna", "bnaxy", id="the plan's own parts come behind"),
        pytest.param("ab", "xyab", "nba", "nbxya", id="or stay in front of what they preceded"),
        pytest.param("abc", "ab", "cnba", "nba", id="what the plan takes away moves nothing"),
        pytest.param("abc", "abC", "na", "naC", id="what it keeps alone comes behind, too"),
        pytest.param("abc", "cab", "bacn", "cabn", id="where the plan moves parts its word holds"),
    ],
)
def test_parts_keep_the_order_that_the_plan_does_not_change(before, plan, after, then):
    assert plan_after(*map(with_rewards, (plan, before, after))) == with_rewards(then)
