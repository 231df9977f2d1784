"""Programs of every kind, as a merchant with a restless hand would publish them."""

from hypothesis import strategies as st

from app.domain.campaigns import Campaign
from app.domain.program import (
    Availability,
    Basis,
    Debt,
    Expiry,
    ExpiryKind,
    GuestPolicy,
    Rounding,
    RoundingPoint,
    SpentReturn,
)
from app.domain.rewards import RewardKind
from app.domain.rules import ActionRule, EarningRule, RuleKind
from app.domain.text import text
from app.domain.tiers import Loss, Measure, Tier, Tiers, Window
from tests.builders import a_program, a_reward

REWARDS = (
    a_reward(valid_days=30),
    a_reward(code="twice", cost_points=20, per_member=2),
    a_reward(code="visit", kind=RewardKind.BY_HAND, off_minor=0),
    a_reward(
        code="slider", kind=RewardKind.SLIDER, cost_points=10, off_minor=1_00, least_points=20
    ),
)


def kinds(enum):
    """Any value of a closed set of words."""
    return st.sampled_from(list(enum))


@st.composite
def tiers(draw):
    """Three tiers, by any measure, lost in any way."""
    measure = draw(kinds(Measure))
    unit = {Measure.SPEND: 150_00, Measure.ORDERS: 1}.get(measure, 100)
    entry = draw(st.sampled_from([0, 25]))
    silver_gives = draw(st.sampled_from([None, "fifty-off"]))
    gold_gives = draw(st.sampled_from([None, "twice", "visit"]))
    ladder = (
        Tier(code="bronze", name=text("Bronze"), threshold=0),
        Tier(
            code="silver",
            name=text("Silver"),
            threshold=unit,
            earn_percent=draw(st.sampled_from([100, 125, 133])),
            entry_points=entry,
            entry_reward=silver_gives,
        ),
        Tier(
            code="gold",
            name=text("Gold"),
            threshold=3 * unit,
            earn_percent=200,
            entry_points=2 * entry,
            entry_reward=gold_gives,
        ),
    )
    return Tiers(
        ladder=draw(st.sampled_from([(), ladder, ladder])),
        measure=measure,
        window=draw(kinds(Window)),
        loss=draw(kinds(Loss)),
        loss_months=draw(st.integers(1, 12)),
        grace_days=draw(st.sampled_from([0, 30])),
    )


@st.composite
def earning(draw):
    """One to three rules: by amount, order or piece, with caps and a budget."""
    rules = [EarningRule(code="spend", points=draw(st.integers(1, 5)), per_minor=100)]
    if draw(st.booleans()):
        kind = draw(st.sampled_from([RuleKind.PER_ORDER, RuleKind.PER_UNIT]))
        budget = draw(st.sampled_from([None, 60]))
        rules.append(EarningRule(code="extra", kind=kind, points=30, budget_points=budget))
    if draw(st.booleans()):
        rules.append(EarningRule(code="first", kind=RuleKind.PER_ORDER, points=15, nth_order=1))
    return tuple(rules)


@st.composite
def campaigns(draw):
    """None, or one that doubles and gives a bonus, perhaps for a while and for so many points."""
    if not draw(st.booleans()):
        return ()
    return (
        Campaign(
            code="campaign",
            name=text("Campaign"),
            weekdays=frozenset(draw(st.sets(st.integers(0, 6)))),
            percent=draw(st.sampled_from([100, 150, 200])),
            bonus_points=draw(st.sampled_from([0, 7])),
            budget_points=draw(st.sampled_from([None, 100])),
        ),
    )


@st.composite
def programs(draw):
    """A live program with any settings."""
    return a_program(
        earning=draw(earning()),
        campaigns=draw(campaigns()),
        actions=(
            ActionRule(code="newsletter", points=40, per_lifetime=1),
            ActionRule(code="review", points=10, budget_points=50),
        ),
        basis=Basis(tax=draw(st.booleans()), whole_steps=draw(st.booleans())),
        rounding=draw(kinds(Rounding)),
        rounding_point=draw(kinds(RoundingPoint)),
        availability=draw(kinds(Availability)),
        available_after_days=14,
        guests=draw(kinds(GuestPolicy)),
        guest_days=draw(st.sampled_from([10, 90])),
        join_points=draw(st.sampled_from([0, 50])),
        tiers=draw(tiers()),
        rewards=REWARDS,
        expiry=Expiry(kind=draw(kinds(ExpiryKind)), count=draw(st.integers(1, 12))),
        spent_return=draw(kinds(SpentReturn)),
        debt=draw(kinds(Debt)),
    )
