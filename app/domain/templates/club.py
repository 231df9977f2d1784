"""Members' club: a welcome, birthdays and better days for those who belong."""

from app.domain.campaigns import Campaign
from app.domain.program import Expiry, ExpiryKind, GuestPolicy, Program
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import ActionKind, ActionRule, EarningRule, RuleKind
from app.domain.segments import Segment, Stage
from app.domain.templates.words import FREE_SHIPPING, Purse, named, round_unit
from app.domain.tiers import Loss, Measure, Tier, Tiers, Window

SATURDAY, SUNDAY = 5, 6


def members_club(currency: str) -> Program:
    """Joining, a first order, a birthday and a newsletter count; so does coming back."""
    purse = Purse(currency)
    unit = round_unit(currency)
    return Program(
        currency=currency,
        name=named(
            "Members' club", "Medlemsklubben", "Medlemsklubben", "Medlemsklubben", "Mitgliederclub"
        ),
        earning=(
            EarningRule(code="spend", points=1, per_minor=purse.whole_minor),
            EarningRule(code="first-order", kind=RuleKind.PER_ORDER, points=10 * unit, nth_order=1),
        ),
        actions=(
            ActionRule(
                code="newsletter", kind=ActionKind.NEWSLETTER, points=5 * unit, per_lifetime=1
            ),
            ActionRule(code="birthday", kind=ActionKind.BIRTHDAY, points=20 * unit),
            ActionRule(code="review", kind=ActionKind.REVIEW, points=2 * unit, per_day=3),
        ),
        campaigns=_campaigns(),
        segments=(Segment(code="away", stages=frozenset({Stage.AT_RISK, Stage.LOST})),),
        guests=GuestPolicy.NOTHING,
        join_points=10 * unit,
        tiers=Tiers(
            ladder=(
                Tier(code="member", name=_MEMBER, threshold=0),
                Tier(code="insider", name=_INSIDER, threshold=5, entry_points=10 * unit),
            ),
            measure=Measure.ORDERS,
            window=Window.LIFETIME,
            loss=Loss.NEVER,
        ),
        rewards=_rewards(purse),
        expiry=Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=12),
    )


_MEMBER = named("Member", "Medlem", "Medlem", "Medlem", "Mitglied")
_INSIDER = named("Insider", "Insider", "Innsider", "Insider", "Insider")


def _campaigns() -> tuple[Campaign, ...]:
    """Better days for insiders, and a reason to come back for those who stayed away."""
    return (
        Campaign(
            code="insider-weekend",
            name=named(
                "Double weekend",
                "Dobbelt weekend",
                "Dobbel helg",
                "Dubbel helg",
                "Doppelt am Wochenende",
            ),
            weekdays=frozenset({SATURDAY, SUNDAY}),
            tiers=frozenset({"insider"}),
            percent=200,
        ),
        Campaign(
            code="welcome-back",
            name=named(
                "Welcome back",
                "Velkommen tilbage",
                "Velkommen tilbake",
                "Välkommen tillbaka",
                "Willkommen zurück",
            ),
            segment="away",
            percent=150,
        ),
    )


def _rewards(purse: Purse) -> tuple[Reward, ...]:
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
            code="amount-off",
            kind=RewardKind.AMOUNT_OFF,
            name=purse.off(10),
            cost_points=100 * unit,
            off_minor=purse.minor(10),
            valid_days=90,
        ),
        Reward(
            code="insider-offer",
            kind=RewardKind.PERCENT_OFF,
            name=named("20 % off", "20 % rabat", "20 % rabatt", "20 % rabatt", "20 % Rabatt"),
            cost_points=120 * unit,
            off_percent=20,
            tier="insider",
            per_member=4,
            valid_days=60,
        ),
    )
