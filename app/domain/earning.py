"""What an order earns: which rules fire, on what basis, multiplied by what, rounded how.

The answer is an `Award`. It is fixed when the order first counts, and later refunds are measured
against it, so that a rule which was changed or deleted since never changes a refund.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import floor

from app.domain.campaigns import Campaign
from app.domain.exact import Exact, Shares, exactly, rounded, whole_shares
from app.domain.firing import (
    SHIPPING,
    Fired,
    basis_minor,
    counted_minor,
    covers,
    fired_rules,
    goods_minor,
)
from app.domain.order import Order, Source
from app.domain.program import GuestPolicy, Program, RoundingPoint
from app.domain.rules import RuleKind
from app.domain.segments import NOTHING_BOUGHT, History
from app.domain.tiers import Tier


class NoPoints(StrEnum):
    """Why an order earned nothing."""

    TEST_ORDER = "test_order"
    REAL_ORDER_IN_PREVIEW = "real_order_in_preview"
    PAUSED = "paused"
    POS_ORDER = "pos_order"
    GUEST = "guest"
    HOLDOUT = "holdout"
    OTHER_CURRENCY = "other_currency"
    NOTHING_COUNTS = "nothing_counts"

    @property
    def is_no_sale(self) -> bool:
        """Whether the order does not count as a purchase at all, towards a tier for example."""
        return self in (
            NoPoints.TEST_ORDER,
            NoPoints.REAL_ORDER_IN_PREVIEW,
            NoPoints.OTHER_CURRENCY,
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What besides the order decides about it: the shop's clock, and what the member did before.

    `local` is when the order was placed by the shop's own clock. `left` says how many points are
    left of the budgets of rules and campaigns, by their codes; those without a budget are not in.
    """

    local: datetime
    history: History = NOTHING_BOUGHT
    left: Mapping[str, int] = field(default_factory=dict)
    held_out: bool = False
    """Whether the member is left out of the program while its effect is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What an order gave when it first counted.

    `weights` says how much of the points each line earned, in whole shares of their sum.
    `rules` are the points each rule gave before any multiplier, `campaigns` what each added.
    """

    points: int
    revision: int
    tier: str | None = None
    percent: int = 100
    weights: tuple[tuple[str, int], ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    campaigns: tuple[tuple[str, int], ...] = ()
    basis_minor: int = 0
    why_none: NoPoints | None = None


def award_for(
    order: Order,
    program: Program,
    revision: int,
    tier: Tier | None,
    context: Context | None = None,
) -> Award:
    """The points of an order: rules first, then tier and campaigns, rounded once.

    Rounding after each factor would let a shop with an odd multiplier lose a point per order.
    Fixed bonuses are not multiplied.
    """
    context = context or Context(order.placed_at)
    percent = tier.earn_percent if tier else 100
    reason = why_none(order, program)
    if context.held_out and not (reason and reason.is_no_sale):
        reason = NoPoints.HOLDOUT
    fired = (
        [] if reason else fired_rules(order, program, context.history, context.left, context.local)
    )
    by_line, fixed = _multiplied(fired, percent)
    added: list[tuple[str, int]] = []
    for campaign in program.campaigns if fired else ():
        if _applies(campaign, order, program, tier, context):
            extra = _extra(campaign, order, program, by_line, context.left)
            by_line = _sum(by_line, extra.multiplied)
            fixed = _sum(fixed, extra.fixed)
            added.append((campaign.code, floor(extra.points)))
    shares = _rounded_by_line(_sum(by_line, fixed), program)
    points = rounded(sum(shares.values()), program.rounding)
    return Award(
        points=points,
        revision=revision,
        tier=tier.code if tier else None,
        percent=percent,
        weights=whole_shares(shares),
        rules=tuple((found.rule.code, floor(found.points)) for found in fired),
        campaigns=tuple(added),
        basis_minor=basis_minor(order, program),
        why_none=reason or (None if points else NoPoints.NOTHING_COUNTS),
    )


def _multiplied(fired: list[Fired], percent: int) -> tuple[Shares, Shares]:
    """What rules gave with the tier's multiplier on it, and what no multiplier touches."""
    by_line: Shares = {}
    fixed: Shares = {}
    for found in fired:
        if found.rule.kind is RuleKind.PER_AMOUNT:
            times = {key: exactly(share * percent, 100) for key, share in found.by_line.items()}
            by_line = _sum(by_line, times)
        else:
            fixed = _sum(fixed, found.by_line)
    return by_line, fixed


def _sum(one: Shares, other: Shares) -> Shares:
    return one | {key: one.get(key, 0) + share for key, share in other.items()}


def _applies(
    campaign: Campaign, order: Order, program: Program, tier: Tier | None, context: Context
) -> bool:
    """Whether a campaign is on for this order."""
    if not campaign.runs_on(context.local):
        return False
    if campaign.tiers and (tier is None or tier.code not in campaign.tiers):
        return False
    if goods_minor(order, program) < campaign.minimum_minor:
        return False
    segment = program.segment(campaign.segment) if campaign.segment is not None else None
    return segment is None or segment.has(context.history, program.stages, at=context.local)


@dataclass(frozen=True, slots=True)
class _Extra:
    """What a campaign adds."""

    multiplied: Shares
    fixed: Shares

    @property
    def points(self) -> Exact:
        return sum((*self.multiplied.values(), *self.fixed.values()))


def _extra(
    campaign: Campaign, order: Order, program: Program, by_line: Shares, left: Mapping[str, int]
) -> _Extra:
    """What a campaign adds to each line it covers, within what is left of its budget."""
    covered = {
        line.line_id: minor
        for line in order.lines
        if covers(campaign.products, line) and (minor := counted_minor(line, program)) > 0
    }
    if not campaign.products:
        covered |= {SHIPPING: 0} if SHIPPING in by_line else {}
    beyond = campaign.percent - 100
    more = {key: exactly(by_line[key] * beyond, 100) for key in covered if key in by_line}
    basis = sum(covered.values())
    bonus: Shares = (
        {key: exactly(campaign.bonus_points * share, basis) for key, share in covered.items()}
        if basis and campaign.bonus_points
        else {}
    )
    extra = _Extra(more, bonus)
    rest = left.get(campaign.code)
    if rest is None or extra.points <= max(rest, 0):
        return extra
    scale = exactly(max(rest, 0), extra.points)
    return _Extra(
        {key: share * scale for key, share in more.items()},
        {key: share * scale for key, share in bonus.items()},
    )


def _rounded_by_line(shares: Shares, program: Program) -> Shares:
    """The shares in whole points where each line is rounded: what was rounded away is gone."""
    if program.rounding_point is RoundingPoint.ORDER:
        return shares
    return {key: rounded(share, program.rounding) for key, share in shares.items()}


def why_none(order: Order, program: Program) -> NoPoints | None:
    """The reason for which an order cannot earn at all; None when it can.

    Of several, what makes it no sale at all comes first, since that also decides about tiers; then
    what keeps the tiers from giving anything; then what only keeps the order itself from earning.
    """
    if order.test and program.live:
        return NoPoints.TEST_ORDER
    if not order.test and not program.live:
        return NoPoints.REAL_ORDER_IN_PREVIEW
    if order.currency != program.currency:
        return NoPoints.OTHER_CURRENCY
    if program.paused:
        return NoPoints.PAUSED
    if order.source is Source.POS and not program.pos_earns:
        return NoPoints.POS_ORDER
    if order.customer_id is None and (
        order.email_hash is None or program.guests is GuestPolicy.NOTHING
    ):
        return NoPoints.GUEST
    return None
