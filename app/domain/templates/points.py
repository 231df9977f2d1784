"""Points and three tiers: a point for each unit spent, and more for those who buy more."""

from app.domain.program import Program
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import EarningRule
from app.domain.templates.words import (
    BRONZE,
    FREE_SHIPPING,
    GOLD,
    SILVER,
    Purse,
    named,
    round_unit,
)
from app.domain.tiers import Tier, Tiers


def points_and_tiers(currency: str) -> Program:
    """The default: a point for each unit spent, three tiers by spend, three rewards."""
    purse = Purse(currency)
    return Program(
        currency=currency,
        name=named(
            "Regulars' club",
            "Stamkundeklubben",
            "Stamkundeklubben",
            "Stamkundsklubben",
            "Stammkundenclub",
        ),
        earning=(EarningRule(code="spend", points=1, per_minor=purse.whole_minor),),
        tiers=_three_tiers(purse),
        rewards=_three_rewards(purse),
    )


def _three_tiers(purse: Purse) -> Tiers:
    return Tiers(
        ladder=(
            Tier(code="bronze", name=BRONZE, threshold=0),
            Tier(code="silver", name=SILVER, threshold=purse.minor(200), earn_percent=125),
            Tier(code="gold", name=GOLD, threshold=purse.minor(500), earn_percent=150),
        )
    )


def _three_rewards(purse: Purse) -> tuple[Reward, ...]:
    """Free shipping, an amount and a share off, each worth about ten percent of what it took."""
    unit = round_unit(purse.currency)
    return (
        Reward(
            code="free-shipping",
            kind=RewardKind.FREE_SHIPPING,
            name=FREE_SHIPPING,
            cost_points=30 * unit,
            valid_days=90,
        ),
        Reward(
            code={1: "five-off", 10: "fifty-off"}.get(unit, "amount-off"),
            kind=RewardKind.AMOUNT_OFF,
            name=purse.off(5),
            cost_points=50 * unit,
            off_minor=purse.minor(5),
            valid_days=90,
        ),
        Reward(
            code="ten-percent",
            kind=RewardKind.PERCENT_OFF,
            name=named("10 % off", "10 % rabat", "10 % rabatt", "10 % rabatt", "10 % Rabatt"),
            cost_points=80 * unit,
            off_percent=10,
            valid_days=90,
        ),
    )
