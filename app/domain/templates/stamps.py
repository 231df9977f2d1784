"""Stamps: one for each order, and a full card pays for something."""

from app.domain.program import Expiry, ExpiryKind, Program
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import EarningRule, RuleKind
from app.domain.templates.words import Purse, named

CARD = 10
"""Stamps on a full card."""


def stamps(currency: str) -> Program:
    """A point is a stamp: one for each order that is large enough, ten for a reward."""
    purse = Purse(currency)
    return Program(
        currency=currency,
        name=named("Stamp card", "Stempelkort", "Stempelkort", "Stämpelkort", "Stempelkarte"),
        earning=(
            EarningRule(
                code="stamp", kind=RuleKind.PER_ORDER, points=1, minimum_minor=purse.minor(10)
            ),
        ),
        rewards=(
            Reward(
                code="full-card",
                kind=RewardKind.AMOUNT_OFF,
                name=purse.off(10),
                cost_points=CARD,
                off_minor=purse.minor(10),
                valid_days=180,
            ),
        ),
        # A card that nobody stamps for two years is thrown away as a whole.
        expiry=Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=24),
    )
