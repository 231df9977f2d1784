"""What an order earns: which rules fire, on what basis, multiplied by what, rounded how.

The answer is an `Award`. It is fixed when the order first counts, and later refunds are measured
against it, so that a rule which was changed or deleted since never changes a refund.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from app.domain.order import Line, Order, Source
from app.domain.program import EarningRule, GuestPolicy, Program, Rounding, RoundingPoint, RuleKind
from app.domain.tiers import Tier

SHIPPING = "shipping"
"""Stands for the shipping among the lines of an award; line ids are numbers."""


class NoPoints(StrEnum):
    """Why an order earned nothing."""

    TEST_ORDER = "test_order"
    REAL_ORDER_IN_PREVIEW = "real_order_in_preview"
    POS_ORDER = "pos_order"
    GUEST = "guest"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What an order gave when it first counted.

    `weights` says how much of the points each line earned, in whole shares of their sum.
    `rules` are the points each rule gave before the tier's multiplier.
    """

    points: int
    revision: int
    tier: str | None = None
    percent: int = 100
    weights: tuple[tuple[str, int], ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    basis_minor: int = 0
    why_none: NoPoints | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that gave something: exact points, and how they spread over the lines."""

    rule: EarningRule
    points: Fraction
    by_line: dict[str, Fraction]


def award_for(order: Order, program: Program, revision: int, tier: Tier | None) -> Award:
    """The points of an order: rules first, then the tier's multiplier, rounded once.

    Rounding after each factor would let a shop with an odd multiplier lose a point per order.
    Fixed bonuses are not multiplied.
    """
    percent = tier.earn_percent if tier else 100
    reason = why_none(order, program)
    fired = (
        []
        if reason
        else applicable(
            [found for rule in program.earning if (found := fire(rule, order, program))]
        )
    )
    by_line: dict[str, Fraction] = {}
    for found in fired:
        factor = Fraction(percent if found.rule.kind is RuleKind.PER_AMOUNT else 100, 100)
        for line_id, share in found.by_line.items():
            by_line[line_id] = by_line.get(line_id, Fraction(0)) + share * factor
    if program.rounding_point is RoundingPoint.LINE:
        points = sum(rounded(share, program.rounding) for share in by_line.values())
    else:
        points = rounded(sum(by_line.values(), Fraction(0)), program.rounding)
    return Award(
        points=points,
        revision=revision,
        tier=tier.code if tier else None,
        percent=percent,
        weights=whole_shares(by_line),
        rules=tuple((found.rule.code, floor(found.points)) for found in fired),
        basis_minor=basis_minor(order, program),
        why_none=reason or (None if points else NoPoints.NOTHING_COUNTS),
    )


def why_none(order: Order, program: Program) -> NoPoints | None:
    """The reason for which an order cannot earn at all; None when it can."""
    if order.test and program.live:
        return NoPoints.TEST_ORDER
    if not order.test and not program.live:
        return NoPoints.REAL_ORDER_IN_PREVIEW
    if order.source is Source.POS and not program.pos_earns:
        return NoPoints.POS_ORDER
    if order.customer_id is None and (
        order.email_hash is None or program.guests is GuestPolicy.NOTHING
    ):
        return NoPoints.GUEST
    if order.currency != program.currency:
        return NoPoints.OTHER_CURRENCY
    return None


def applicable(fired: list[Fired]) -> list[Fired]:
    """Of the rules that gave something, those that count beside each other."""
    alone = [found for found in fired if not found.rule.stacks]
    if alone:
        return [max(alone, key=lambda found: found.rule.priority)]
    for position, found in enumerate(fired):
        if found.rule.stop:
            return fired[: position + 1]
    return fired


def fire(rule: EarningRule, order: Order, program: Program) -> Fired | None:
    """What one rule gives for an order; None when it gives nothing."""
    gross_minor = sum(line.total_minor for line in order.lines) + order.shipping_minor
    if gross_minor < rule.minimum_minor:
        return None
    if rule.needs_code is not None and rule.needs_code.upper() not in order.codes:
        return None
    counted = [line for line in order.lines if _matches(rule, line) and _counts(line, program)]
    weighted = {line.line_id: _weighted(rule, line, program) for line in counted}
    weighted = {line_id: share for line_id, share in weighted.items() if share > 0}
    if program.basis.shipping and not rule.include:
        shipping = order.shipping_minor - (0 if program.basis.tax else order.shipping_tax_minor)
        weighted |= {SHIPPING: Fraction(shipping)} if shipping > 0 else {}
    points = _points(rule, weighted, sum(line.quantity for line in counted), program)
    if not points:
        return None
    return Fired(rule, points, _spread(points, weighted, counted))


def _points(
    rule: EarningRule, weighted: dict[str, Fraction], pieces: int, program: Program
) -> Fraction:
    match rule.kind:
        case RuleKind.PER_AMOUNT:
            steps = sum(weighted.values(), Fraction(0)) / rule.per_minor
            return Fraction(floor(steps) if program.basis.whole_steps else steps) * rule.points
        case RuleKind.PER_ORDER:
            return Fraction(rule.points if pieces else 0)
        case RuleKind.PER_UNIT:
            return Fraction(rule.points * pieces)


def _spread(
    points: Fraction, weighted: dict[str, Fraction], counted: list[Line]
) -> dict[str, Fraction]:
    """Points over the lines that earned them, by their basis, or by pieces of a free order."""
    shares = weighted or {line.line_id: Fraction(line.quantity) for line in counted}
    whole = sum(shares.values(), Fraction(0))
    return {line_id: points * share / whole for line_id, share in shares.items()}


def _matches(rule: EarningRule, line: Line) -> bool:
    return (not rule.include or rule.include.has(line)) and not rule.exclude.has(line)


def _counts(line: Line, program: Program) -> bool:
    return line.quantity > 0 and (program.basis.gift_card_lines or not line.gift_card)


def basis_minor(order: Order, program: Program) -> int:
    """How much of an order counts, as it was ordered: refunds do not change it, edits do."""
    return sum(counted_minor(line, program) for line in order.lines)


def counted_minor(line: Line, program: Program) -> int:
    """How much of a line counts as its basis, before any weight."""
    if not _counts(line, program):
        return 0
    return line.total_minor - (0 if program.basis.tax else line.tax_minor)


def _weighted(rule: EarningRule, line: Line, program: Program) -> Fraction:
    weight = Fraction(counted_minor(line, program))
    for multiplier in rule.multipliers:
        if multiplier.products.has(line):
            weight = weight * multiplier.percent / 100
    return weight


def rounded(points: Fraction, rounding: Rounding) -> int:
    """Whole points, as the program rounds."""
    match rounding:
        case Rounding.FLOOR:
            return floor(points)
        case Rounding.HALF_UP:
            return floor(points + Fraction(1, 2))
        case Rounding.CEIL:
            return ceil(points)


def whole_shares(by_line: dict[str, Fraction]) -> tuple[tuple[str, int], ...]:
    """Shares as whole numbers in the same proportion, so that they can be kept exactly."""
    common = lcm(*(share.denominator for share in by_line.values())) if by_line else 1
    whole = {line_id: int(share * common) for line_id, share in by_line.items()}
    divisor = gcd(*whole.values()) or 1
    return tuple((line_id, share // divisor) for line_id, share in whole.items())
