"""A merchant's program: every setting in one value that cannot be built wrong.

Each published revision of it is kept for good, and every transfer names the one that made it.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from app.domain.campaigns import Campaign
from app.domain.errors import InvalidProgram
from app.domain.rewards import PAID_ONLY, Reward, RewardKind
from app.domain.rules import ActionRule, EarningRule
from app.domain.segments import Segment, Stages
from app.domain.sentence import Sentence as _
from app.domain.text import Text, text
from app.domain.tiers import Tiers


class Rounding(StrEnum):
    """What becomes of a fraction of a point; applied once, after the multipliers."""

    FLOOR = "floor"
    HALF_UP = "half_up"
    CEIL = "ceil"


class RoundingPoint(StrEnum):
    """Where fractions are rounded: once on the order, or on each line."""

    ORDER = "order"
    LINE = "line"


class SpentReturn(StrEnum):
    """What becomes of points spent on an order that is refunded."""

    PRORATED = "prorated"
    ONLY_FULL = "only_full"
    NEVER = "never"


class Debt(StrEnum):
    """What happens when a refund takes back more than there is."""

    OWE = "owe"
    CLAMP = "clamp"


class Availability(StrEnum):
    """When the points of a paid order can be spent."""

    AT_PAYMENT = "at_payment"
    DAYS_AFTER_PAYMENT = "days_after_payment"
    AT_FULFILLMENT = "at_fulfillment"


class ExpiryKind(StrEnum):
    """When available points end."""

    NEVER = "never"
    PER_LOT_DAYS = "per_lot_days"
    PER_LOT_MONTHS = "per_lot_months"
    INACTIVITY_DAYS = "inactivity_days"
    """The whole balance, so long after the member last earned or spent."""
    INACTIVITY_MONTHS = "inactivity_months"
    MONTH_END = "month_end"
    YEAR_END = "year_end"


class GuestPolicy(StrEnum):
    """What an order without a customer earns."""

    NOTHING = "nothing"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What of an order counts. Duties and tips never do."""

    tax: bool = True
    shipping: bool = False
    gift_card_lines: bool = False
    whole_steps: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """How long points live; `count` is days or months for the kinds that need one."""

    kind: ExpiryKind = ExpiryKind.NEVER
    count: int = 12

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InvalidProgram(_("Points must live for at least one day or month."))


RETURNED_POINTS_LIVE_DAYS = 30
"""Points that come back from an unused code live at least this long, even if their lot is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """All that a merchant decides, in the shop's own currency."""

    currency: str
    name: Text = field(default_factory=lambda: text("Stamkunde"))
    live: bool = False
    paused: bool = False
    """Taken back from shoppers for a while; orders that are placed meanwhile earn nothing."""
    earning: tuple[EarningRule, ...] = ()
    actions: tuple[ActionRule, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    segments: tuple[Segment, ...] = ()
    stages: Stages = field(default_factory=Stages)
    basis: Basis = field(default_factory=Basis)
    rounding: Rounding = Rounding.FLOOR
    rounding_point: RoundingPoint = RoundingPoint.ORDER
    availability: Availability = Availability.AT_PAYMENT
    available_after_days: int = 14
    pos_earns: bool = True
    guests: GuestPolicy = GuestPolicy.HOLD
    guest_days: int = 90
    join_points: int = 0
    tiers: Tiers = field(default_factory=Tiers)
    rewards: tuple[Reward, ...] = ()
    expiry: Expiry = field(default_factory=Expiry)
    spent_return: SpentReturn = SpentReturn.PRORATED
    debt: Debt = Debt.OWE
    holdout_percent: int = 0
    """The share of new members who are left out, to tell what the program adds; 0 is no one."""

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isupper():
            said = _("“{currency}” is not a currency code like DKK.")
            raise InvalidProgram(said.format(currency=self.currency))
        self._check_codes()
        self._check_names()
        for reward in self.rewards:
            if reward.tier is not None and self.tiers.named(reward.tier) is None:
                said = _("{name} asks for a tier {tier} that is not.")
                raise InvalidProgram(said.format(name=reward.name, tier=reward.tier))
            if reward.kind is RewardKind.SLIDER and reward.least_points % reward.cost_points:
                said = _("{name} must begin at a whole number of its steps.")
                raise InvalidProgram(said.format(name=reward.name))
        self._check_entries()
        if min(self.available_after_days, self.guest_days, self.join_points) < 0:
            raise InvalidProgram(_("Days and points of a program cannot be below 0."))

    def _check_entries(self) -> None:
        """What a tier gives must be there, and worth the same whatever is paid for it."""
        for tier in self.tiers.ladder:
            reward = self.reward(tier.entry_reward) if tier.entry_reward is not None else None
            if tier.entry_reward is not None and reward is None:
                said = _("{name} gives a reward {reward} that is not.")
                raise InvalidProgram(said.format(name=tier.name, reward=tier.entry_reward))
            if reward is not None and reward.kind in PAID_ONLY:
                said = _("{name} cannot give {reward}: it is worth what is paid for it.")
                raise InvalidProgram(said.format(name=tier.name, reward=reward.name))

    def _check_codes(self) -> None:
        """A code names one part and no other of its kind."""
        for said, parts in (
            (_("Each earning rule needs a code of its own: {code}."), self.earning),
            (_("Each reward needs a code of its own: {code}."), self.rewards),
            (_("Each action needs a code of its own: {code}."), self.actions),
            (_("Each campaign needs a code of its own: {code}."), self.campaigns),
            (_("Each segment needs a code of its own: {code}."), self.segments),
        ):
            codes = sorted(part.code for part in parts)
            twice = [code for code, other in pairwise(codes) if code == other]
            if twice:
                raise InvalidProgram(said.format(code=twice[0]))

    def _check_names(self) -> None:
        """Whatever a part names must be there."""
        asked = [(rule.code, rule.segment) for rule in self.earning]
        asked += [(campaign.code, campaign.segment) for campaign in self.campaigns]
        for part, segment in asked:
            if segment is not None and self.segment(segment) is None:
                said = _("{part} is for a segment {segment} that is not.")
                raise InvalidProgram(said.format(part=part, segment=segment))
        for campaign in self.campaigns:
            unknown = [code for code in campaign.tiers if self.tiers.named(code) is None]
            if unknown:
                said = _("{name} is for a tier {tier} that is not.")
                raise InvalidProgram(said.format(name=campaign.name, tier=unknown[0]))

    @property
    def is_open(self) -> bool:
        """Whether points can be earned and spent."""
        return self.live and not self.paused

    @property
    def opened(self) -> "Program":
        """The same program as if it were live and not paused."""
        return replace(self, live=True, paused=False)

    @property
    def needs_history(self) -> bool:
        """Whether what members bought before decides about an order."""
        return any(rule.needs_history for rule in self.earning) or any(
            campaign.segment is not None for campaign in self.campaigns
        )

    @property
    def needs_catalog(self) -> bool:
        """Whether the platform's catalog decides about an order."""
        return any(rule.needs_catalog for rule in self.earning) or any(
            campaign.products.needs_catalog for campaign in self.campaigns
        )

    @property
    def budgets(self) -> dict[str, int]:
        """The budgets of rules and campaigns, in points, by their codes."""
        parts = [(rule.code, rule.budget_points) for rule in self.earning]
        parts += [(campaign.code, campaign.budget_points) for campaign in self.campaigns]
        return {code: points for code, points in parts if points is not None}

    def segment(self, code: str) -> Segment | None:
        """The segment with a code; None when the program has none such."""
        return next((segment for segment in self.segments if segment.code == code), None)

    def action(self, code: str) -> ActionRule | None:
        """The action with a code; None when the program has none such."""
        return next((action for action in self.actions if action.code == code), None)

    def reward(self, code: str) -> Reward | None:
        """The reward with a code; None when the program has none such."""
        return next((reward for reward in self.rewards if reward.code == code), None)
