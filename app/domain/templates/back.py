"""Five percent back: what is spent comes back as credit that pays for the next order."""

from app.domain.program import Basis, Expiry, ExpiryKind, Program
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import EarningRule
from app.domain.templates.words import Purse, named


def five_percent_back(currency: str) -> Program:
    """A hundred points are worth about one euro; five of them come with each euro spent."""
    purse = Purse(currency)
    return Program(
        currency=currency,
        name=named("5 % back", "5 % tilbage", "5 % tilbake", "5 % tillbaka", "5 % zurück"),
        earning=(EarningRule(code="back", points=5, per_minor=purse.minor(1)),),
        # Five percent of every øre, not of whole steps only.
        basis=Basis(whole_steps=False),
        rewards=(
            Reward(
                code="pay-with-points",
                kind=RewardKind.SLIDER,
                name=named(
                    "Pay with points",
                    "Betal med point",
                    "Betal med poeng",
                    "Betala med poäng",
                    "Mit Punkten zahlen",
                ),
                cost_points=10,
                off_minor=purse.minor(1) // 10,
                least_points=100,
                valid_days=90,
            ),
        ),
        expiry=Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=12),
    )
