"""Where an order's points should be by now: one function behind every number of the ledger.

Settling compares this position with what the ledger holds for the order and posts the difference.
So an event that comes twice posts nothing, events in any order end the same, and a refund reverses
exactly what was recorded, its last part taking the remainder.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from fractions import Fraction

from app.domain.calendar import month_end, months_after, year_end
from app.domain.earning import Award
from app.domain.exact import rounded
from app.domain.firing import SHIPPING
from app.domain.ledger import Account
from app.domain.order import Line, Order
from app.domain.program import (
    Availability,
    Expiry,
    ExpiryKind,
    Program,
    Rounding,
    RoundingPoint,
    SpentReturn,
)

Position = dict[Account, int]
"""Points per account for one order or redemption; they sum to zero."""


def target_points(award: Award, order: Order, program: Program) -> int:
    """What an order should have given by now.

    The award times what remains of its weighted basis, rounded as the program rounds; nothing when
    all goods are back, whatever became of the shipping.
    """
    if not order.stands or not award.points:
        return 0
    if all_goods_back(order):
        return 0
    if program.rounding_point is RoundingPoint.LINE:
        return _target_by_line(award, order, program.rounding)
    share = remaining_share(award, order)
    if share == 1:
        return award.points
    return max(0, rounded(award.points * share, program.rounding))


def _target_by_line(award: Award, order: Order, rounding: Rounding) -> int:
    whole = sum(weight for _, weight in award.weights)
    kept = _kept(order)
    points = sum(
        rounded(Fraction(award.points * weight, whole) * kept.get(line_id, 1), rounding)
        for line_id, weight in award.weights
    )
    return min(award.points, max(0, points))


def remaining_share(award: Award, order: Order) -> Fraction:
    """How much of what earned the award is still with the customer, from 0 to 1."""
    whole = sum(weight for _, weight in award.weights)
    if not whole or _is_whole(order):
        return Fraction(1)
    kept = _kept(order)
    remaining = sum(
        (weight * kept.get(line_id, Fraction(1)) for line_id, weight in award.weights), Fraction(0)
    )
    share = remaining / whole
    goods_minor = sum(line.total_minor for line in order.lines)
    if order.extra_refunded_minor and goods_minor:
        share -= Fraction(order.extra_refunded_minor, goods_minor)
    return max(Fraction(0), share)


def _is_whole(order: Order) -> bool:
    """Whether nothing of an order was given back or edited away: so it is with most of them."""
    return not order.refunds and all(
        line.quantity == line.current_quantity > 0 for line in order.lines
    )


def _kept(order: Order) -> dict[str, Fraction]:
    """The share of each line that was not returned; shipping stays with the order."""
    return {line.line_id: _kept_share(order, line) for line in order.lines} | {
        SHIPPING: Fraction(1)
    }


def _kept_share(order: Order, line: Line) -> Fraction:
    return Fraction(order.remaining_quantity(line), line.quantity) if line.quantity else Fraction(0)


def all_goods_back(order: Order) -> bool:
    """Whether every piece of an order was returned; an order without lines has none to return."""
    return bool(order.lines) and all(not order.remaining_quantity(line) for line in order.lines)


def available_at(order: Order, program: Program) -> datetime | None:
    """From when on the points can be spent; None while that is not known."""
    paid_at = order.counts_at
    if paid_at is None:
        return None
    match program.availability:
        case Availability.AT_PAYMENT:
            return paid_at
        case Availability.DAYS_AFTER_PAYMENT:
            return paid_at + timedelta(days=program.available_after_days)
        case Availability.AT_FULFILLMENT:
            return order.fulfilled_at


def is_ready(order: Order, program: Program, at: datetime) -> bool:
    """Whether the points can be spent at an instant.

    What was paid is paid, also when the platform's clock is ahead of ours.
    """
    ready_at = available_at(order, program)
    if ready_at is None:
        return False
    return program.availability is Availability.AT_PAYMENT or ready_at <= at


def expires_at(expiry: Expiry, since: datetime, zone: tzinfo) -> datetime | None:
    """When points that become available at an instant are over; None is never.

    Months and years are those of the shop's own zone.
    """
    match expiry.kind:
        case ExpiryKind.NEVER | ExpiryKind.INACTIVITY_DAYS | ExpiryKind.INACTIVITY_MONTHS:
            # By inactivity the whole balance goes, not a lot: see `inactive_at`.
            return None
        case ExpiryKind.PER_LOT_DAYS:
            return since + timedelta(days=expiry.count)
        case ExpiryKind.PER_LOT_MONTHS:
            return months_after(since, expiry.count, zone)
        case ExpiryKind.MONTH_END:
            return month_end(months_after(since, expiry.count - 1, zone), zone)
        case ExpiryKind.YEAR_END:
            return year_end(since, zone)


def inactive_at(expiry: Expiry, active_at: datetime, zone: tzinfo) -> datetime | None:
    """When a whole balance is over for want of activity; None where that is not the rule."""
    match expiry.kind:
        case ExpiryKind.INACTIVITY_DAYS:
            return active_at + timedelta(days=expiry.count)
        case ExpiryKind.INACTIVITY_MONTHS:
            return months_after(active_at, expiry.count, zone)
        case _:
            return None


def is_inactive(expiry: Expiry, active_at: datetime | None, at: datetime, zone: tzinfo) -> bool:
    """Whether a whole balance is over at an instant for want of activity."""
    over_at = inactive_at(expiry, active_at, zone) if active_at is not None else None
    return over_at is not None and over_at <= at


_LONGEST_MONTH = timedelta(days=31)


def may_be_inactive_since(expiry: Expiry, at: datetime, zone: tzinfo) -> datetime:
    """Who was active after this moment has not lost the balance at an instant.

    Of the others `inactive_at` decides: counting months back is not the reverse of counting on.
    """
    if expiry.kind is ExpiryKind.INACTIVITY_MONTHS:
        return months_after(at, -expiry.count, zone) + _LONGEST_MONTH
    return at - timedelta(days=expiry.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What besides order and award decides about an order's points.

    `entry_points` were given for tiers that the order led to; `expired` of its points are over;
    `wiped` ones were only a preview.
    """

    entry_points: int = 0
    expired: int = 0
    wiped: bool = False


def order_position(
    award: Award,
    order: Order,
    program: Program,
    *,
    at: datetime,
    standing: Standing | None = None,
) -> Position:
    """Where the points of an order belong at an instant.

    Points that have expired are not taken back once more: what is reversed comes from them first.
    """
    standing = standing or Standing()
    given = award.points + standing.entry_points
    target = 0 if standing.wiped else target_points(award, order, program)
    if keeps_entry(order) and not standing.wiped:
        target += standing.entry_points
    expired = min(standing.expired, target)
    place = Account.AVAILABLE if is_ready(order, program, at) else Account.PENDING
    return {
        Account.ISSUED: -given,
        place: target - expired,
        Account.EXPIRED: expired,
        Account.REVERSED: given - target,
    }


def keeps_entry(order: Order) -> bool:
    """Whether the tiers that an order led to are still deserved."""
    return order.stands and not all_goods_back(order)


def spent_points_back(cost_points: int, code: str, order: Order, policy: SpentReturn) -> int:
    """How many of the points that a code cost come back from the order that used it.

    Measured by what the code took off the goods that were returned, so that a code which lay on
    one line comes back with that line; a code that took nothing off lines, by the goods.
    """
    if not order.stands or all_goods_back(order):
        return 0 if policy is SpentReturn.NEVER and not _was_canceled(order) else cost_points
    if policy is not SpentReturn.PRORATED:
        return 0
    taken = {
        line.line_id: sum(minor for used, minor in line.discounts if used == code)
        for line in order.lines
    }
    if not any(taken.values()):
        taken = {line.line_id: line.total_minor for line in order.lines}
    whole = sum(taken.values())
    if not whole:
        return 0
    returned = sum(
        (taken[line.line_id] * (1 - _kept_share(order, line)) for line in order.lines), Fraction(0)
    )
    goods_minor = sum(line.total_minor for line in order.lines)
    extra = Fraction(order.extra_refunded_minor, goods_minor) if goods_minor else Fraction(0)
    return rounded(cost_points * min(Fraction(1), returned / whole + extra), Rounding.FLOOR)


def _was_canceled(order: Order) -> bool:
    """Whether the order never came to be, so that nothing was bought with the points."""
    return order.canceled_at is not None or not order.payment.has_paid
