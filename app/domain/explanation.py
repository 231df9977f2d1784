"""Why a number is what it is: all that led to the points of an order, or to a member's balance."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from app.domain.earning import Award, NoPoints
from app.domain.ledger import Reason
from app.domain.lots import Lot
from app.domain.order import Order
from app.domain.program import Program
from app.domain.rules import EarningRule
from app.domain.text import Text
from app.domain.tiers import Tier


class Outcome(StrEnum):
    """What an order has come to; a shopper reads one sentence for each."""

    GAVE = "gave"
    GAVE_LESS = "gave_less"
    """Something of it went back."""
    WAITS = "waits"
    """The points cannot be spent yet, and it is known from when on they can."""
    WAITS_FOR_SHOP = "waits_for_shop"
    """They cannot be spent before the order is paid or sent."""
    ALL_BACK = "all_back"
    CANCELED = "canceled"
    EXPIRED = "expired"
    PREVIEW = "preview"
    """The points were taken back when the program went live."""
    NO_MEMBER = "no_member"
    """Nobody is known who could have the points."""
    AWAITS_CATALOG = "awaits_catalog"
    TEST_ORDER = NoPoints.TEST_ORDER.value
    REAL_ORDER_IN_PREVIEW = NoPoints.REAL_ORDER_IN_PREVIEW.value
    PAUSED = NoPoints.PAUSED.value
    POS_ORDER = NoPoints.POS_ORDER.value
    GUEST = NoPoints.GUEST.value
    HOLDOUT = NoPoints.HOLDOUT.value
    OTHER_CURRENCY = NoPoints.OTHER_CURRENCY.value
    NOTHING_COUNTS = NoPoints.NOTHING_COUNTS.value


@dataclass(frozen=True, slots=True)
class RulePart:
    """What one rule gave, before any multiplier; `rule` None is one that is no longer readable."""

    code: str
    rule: EarningRule | None
    points: int


@dataclass(frozen=True, slots=True)
class CampaignPart:
    """What one campaign added."""

    name: Text
    points: int


@dataclass(frozen=True, slots=True)
class EntryReward:
    """What a tier that an order led to gives; unless it was taken back."""

    name: Text
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExplanation:
    """An order with everything that decided about its points.

    `award` and `program` are those that the order began with, so they are None together.
    `share` of what earned the award remains with the customer.
    """

    name: str
    order: Order | None
    outcome: Outcome
    award: Award | None = None
    program: Program | None = None
    rules: tuple[RulePart, ...] = ()
    campaigns: tuple[CampaignPart, ...] = ()
    tier: Tier | None = None
    entry_points: int = 0
    entry_rewards: tuple[EntryReward, ...] = ()
    share: Fraction = Fraction(1)
    ready_at: datetime | None = None
    pending: int = 0
    available: int = 0
    reversed: int = 0
    expired: int = 0
    forgiven: int = 0

    @property
    def given(self) -> int:
        """All that the order ever gave."""
        return (self.award.points if self.award else 0) + self.entry_points

    @property
    def kept(self) -> int:
        """What of it the member has, or has had to spend."""
        return self.pending + self.available


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberExplanation:
    """A member's balance as the sum of what made it, and where their tier comes from.

    `by_reason` adds up to `available`; `lots` say when it ends, soonest first.
    """

    name: str
    available: int
    pending: int
    held: int
    by_reason: tuple[tuple[Reason, int], ...] = ()
    lots: tuple[Lot, ...] = ()
    owes: int = 0
    tier: Tier | None = None
    tier_since: datetime | None = None
    tier_due_at: datetime | None = None
    floor: Tier | None = None
    floor_reason: str | None = None
    measured: int = 0
    next_tier: Tier | None = None
    program: Program | None = None


def outcome_of(explained: OrderExplanation, *, is_wiped: bool, awaits_catalog: bool) -> Outcome:
    """What an order has come to, the weightiest reason first."""
    order, award = explained.order, explained.award
    if award is None:
        return Outcome.AWAITS_CATALOG if awaits_catalog else Outcome.NO_MEMBER
    if is_wiped:
        return Outcome.PREVIEW
    if award.why_none is not None and not explained.given:
        return Outcome(award.why_none.value)
    if explained.kept:
        if explained.pending:
            return Outcome.WAITS if explained.ready_at else Outcome.WAITS_FOR_SHOP
        return Outcome.GAVE_LESS if explained.reversed or explained.expired else Outcome.GAVE
    if order is not None and order.canceled_at is not None:
        return Outcome.CANCELED
    return Outcome.EXPIRED if explained.expired else Outcome.ALL_BACK
