"""Which rules fire for an order, what each gives exactly, and over which lines it spreads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor

from app.domain.exact import Exact, Shares, exactly
from app.domain.order import Line, Order
from app.domain.products import Products
from app.domain.program import Program
from app.domain.rules import EarningRule, RuleKind
from app.domain.segments import History

SHIPPING = "shipping"
"""Stands for the shipping among the lines of an award; line ids are numbers."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that gave something: exact points, and how they spread over the lines."""

    rule: EarningRule
    points: Exact
    by_line: Shares

    def within(self, most: int | None) -> "Fired":
        """The same, but no more points than these."""
        if most is None or self.points <= most:
            return self
        by_line = {key: exactly(share * most, self.points) for key, share in self.by_line.items()}
        return Fired(self.rule, most, by_line)


def fired_rules(
    order: Order,
    program: Program,
    history: History,
    left: Mapping[str, int],
    at: datetime,
) -> list[Fired]:
    """The rules that count for an order beside each other, each within its cap and budget."""
    found = [
        fired
        for rule in program.earning
        if _is_for(rule, program, history, at) and (fired := fire(rule, order, program, history))
    ]
    capped = [one.within(one.rule.most_points).within(_left_of(one.rule, left)) for one in found]
    return applicable([one for one in capped if one.points])


def _left_of(rule: EarningRule, left: Mapping[str, int]) -> int | None:
    return max(left[rule.code], 0) if rule.code in left else None


def _is_for(rule: EarningRule, program: Program, history: History, at: datetime) -> bool:
    """Whether this order of this member is one that the rule is for."""
    number = len(history.orders) + 1
    if rule.nth_order is not None and number != rule.nth_order:
        return False
    if rule.every_nth is not None and number % rule.every_nth:
        return False
    segment = program.segment(rule.segment) if rule.segment is not None else None
    return segment is None or segment.has(history, program.stages, at=at)


def applicable(fired: list[Fired]) -> list[Fired]:
    """Of the rules that gave something, those that count beside each other."""
    alone = [found for found in fired if not found.rule.stacks]
    if alone:
        return [max(alone, key=lambda found: found.rule.priority)]
    for position, found in enumerate(fired):
        if found.rule.stop:
            return fired[: position + 1]
    return fired


def fire(
    rule: EarningRule, order: Order, program: Program, history: History | None = None
) -> Fired | None:
    """What one rule gives for an order; None when it gives nothing."""
    if goods_minor(order, program) + _shipping_minor(order, program) < rule.minimum_minor:
        return None
    if rule.needs_code is not None and rule.needs_code.upper() not in order.codes:
        return None
    counted = [line for line in order.lines if _matches(rule, line) and _counts(line, program)]
    if rule.kind is RuleKind.NEW_CATEGORY:
        known = history.categories if history is not None else frozenset()
        counted = [line for line in counted if line.category and line.category not in known]
    weighted = {line.line_id: _weighted(rule, line, program) for line in counted}
    weighted = {line_id: share for line_id, share in weighted.items() if share > 0}
    if program.basis.shipping and not rule.include:
        shipping = _shipping_minor(order, program)
        weighted |= {SHIPPING: shipping} if shipping > 0 else {}
    points = _points(rule, weighted, counted, program)
    if not points:
        return None
    return Fired(rule, points, _spread(points, weighted, counted))


def _points(rule: EarningRule, weighted: Shares, counted: list[Line], program: Program) -> Exact:
    pieces = sum(line.quantity for line in counted)
    match rule.kind:
        case RuleKind.PER_AMOUNT:
            steps = exactly(sum(weighted.values()), rule.per_minor)
            return (floor(steps) if program.basis.whole_steps else steps) * rule.points
        case RuleKind.PER_ORDER:
            return rule.points if pieces else 0
        case RuleKind.PER_UNIT:
            return rule.points * pieces
        case RuleKind.NEW_CATEGORY:
            return rule.points * len({line.category for line in counted})


def _spread(points: Exact, weighted: Shares, counted: list[Line]) -> Shares:
    """Points over the lines that earned them, by their basis, or by pieces of a free order."""
    shares = weighted or {line.line_id: line.quantity for line in counted}
    whole = sum(shares.values())
    return {line_id: exactly(points * share, whole) for line_id, share in shares.items()}


def _matches(rule: EarningRule, line: Line) -> bool:
    return covers(rule.include, line) and not rule.exclude.has(line)


def _counts(line: Line, program: Program) -> bool:
    return line.quantity > 0 and (program.basis.gift_card_lines or not line.gift_card)


def goods_minor(order: Order, program: Program) -> int:
    """What the goods of an order come to, with tax where it counts: what least amounts ask for."""
    return sum(
        line.total_minor - (0 if program.basis.tax else line.tax_minor) for line in order.lines
    )


def _shipping_minor(order: Order, program: Program) -> int:
    return order.shipping_minor - (0 if program.basis.tax else order.shipping_tax_minor)


def basis_minor(order: Order, program: Program) -> int:
    """How much of an order counts, as it was ordered: refunds do not change it, edits do."""
    return sum(counted_minor(line, program) for line in order.lines)


def counted_minor(line: Line, program: Program) -> int:
    """How much of a line counts as its basis, before any weight."""
    if not _counts(line, program):
        return 0
    return line.total_minor - (0 if program.basis.tax else line.tax_minor)


def _weighted(rule: EarningRule, line: Line, program: Program) -> Exact:
    weight: Exact = counted_minor(line, program)
    for multiplier in rule.multipliers:
        if multiplier.products.has(line):
            weight = exactly(weight * multiplier.percent, 100)
    return weight


def covers(products: Products, line: Line) -> bool:
    """Whether a line is among some products; none named means all."""
    return not products or products.has(line)
