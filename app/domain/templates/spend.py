"""Spend tiers: the more a member buys in a year, the better the rewards that open to them."""

from app.domain.program import Expiry, ExpiryKind, Program
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
from app.domain.tiers import Loss, Tier, Tiers, Window


def spend_tiers(currency: str) -> Program:
    """Four tiers by what is spent in a calendar year, kept through the next one."""
    purse = Purse(currency)
    return Program(
        currency=currency,
        name=named("Tiers", "Niveauer", "Nivåer", "Nivåer", "Stufen"),
        earning=(EarningRule(code="spend", points=1, per_minor=purse.whole_minor),),
        tiers=Tiers(
            ladder=_four_tiers(purse),
            window=Window.CALENDAR_YEAR,
            loss=Loss.NEXT_YEAR_END,
            grace_days=0,
        ),
        rewards=_gated_rewards(purse),
        expiry=Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=12),
    )


def _four_tiers(purse: Purse) -> tuple[Tier, ...]:
    unit = round_unit(purse.currency)
    platinum = named("Platinum", "Platin", "Platina", "Platina", "Platin")
    return (
        Tier(code="bronze", name=BRONZE, threshold=0),
        Tier(code="silver", name=SILVER, threshold=purse.minor(150), entry_points=25 * unit),
        Tier(code="gold", name=GOLD, threshold=purse.minor(400), entry_points=50 * unit),
        Tier(
            code="platinum",
            name=platinum,
            threshold=purse.minor(1000),
            entry_points=100 * unit,
            entry_reward="thank-you",
        ),
    )


def _gated_rewards(purse: Purse) -> tuple[Reward, ...]:
    """An amount off for everybody, and one more reward for each tier."""
    unit = round_unit(purse.currency)
    return (
        Reward(
            code="amount-off",
            kind=RewardKind.AMOUNT_OFF,
            name=purse.off(5),
            cost_points=100 * unit,
            off_minor=purse.minor(5),
            valid_days=90,
        ),
        Reward(
            code="free-shipping",
            kind=RewardKind.FREE_SHIPPING,
            name=FREE_SHIPPING,
            cost_points=20 * unit,
            tier="silver",
            valid_days=90,
        ),
        Reward(
            code="fifteen-percent",
            kind=RewardKind.PERCENT_OFF,
            name=named("15 % off", "15 % rabat", "15 % rabatt", "15 % rabatt", "15 % Rabatt"),
            cost_points=100 * unit,
            off_percent=15,
            tier="gold",
            valid_days=90,
        ),
        Reward(
            code="thank-you",
            kind=RewardKind.AMOUNT_OFF,
            name=purse.off(25),
            cost_points=200 * unit,
            off_minor=purse.minor(25),
            tier="platinum",
            per_member=2,
            valid_days=90,
        ),
    )
