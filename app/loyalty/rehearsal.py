"""One member's way through a program, in memory: what their orders give, and the tiers they reach.

Every number comes from the functions that settling uses; what differs is that nothing is posted.
Each order is taken in as it stands today, with its refunds, at the moment it was placed. Points
that members spent are left out: who knows what they would have bought under another program.
Orders that are let in together afterwards count at that one moment, as settling them then would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from heapq import heappop, heappush

from app.domain.earning import Award, Context, award_for
from app.domain.holdout import is_left_out
from app.domain.order import Order
from app.domain.program import Program
from app.domain.segments import NOTHING_BOUGHT, History
from app.domain.settlement import (
    available_at,
    expires_at,
    is_inactive,
    keeps_entry,
    target_points,
)
from app.domain.tiers import Measure, Standing, Tier, standing_after, window_start
from app.domain.worth import face_minor

REVISION = 0
"""A draft has no number yet."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a member beside the orders.

    The floor is a tier set by hand, below which they do not fall until an instant. What they have
    `entered` has been rewarded before. A guest gets no reward of a tier before they join, and who
    is on the `arm` that a program holds out gets nothing of it.
    """

    floor_tier: str | None = None
    floor_until: datetime | None = None
    entered: frozenset[str] = frozenset()
    is_guest: bool = False
    arm: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class _Lot:
    """Points that can be spent from an instant on; `order` is its place among the member's."""

    ready_at: datetime
    order: int
    points: int
    expires_at: datetime | None

    def lives(self, at: datetime) -> bool:
        return self.expires_at is None or at < self.expires_at


class Rehearsal:
    """A member under one program; `left` is what all members together have left of its budgets.

    With `counted_at`, orders count then, and not when they were placed. `rewards_minor` is what
    tiers have given them beside points, at face value.
    """

    def __init__(
        self,
        program: Program,
        zone: tzinfo,
        left: dict[str, int],
        known: Known,
        counted_at: datetime | None = None,
    ) -> None:
        self._program = program
        self._zone = zone
        self._left = left
        self._known = known
        self._is_left_out = is_left_out(known.arm, program.holdout_percent)
        self._counted_at = counted_at
        self._orders: list[tuple[datetime | None, int]] = []
        self._bought: list[tuple[datetime, int]] = []
        self._categories: frozenset[str] = frozenset()
        self._entered = set(known.entered)
        self._waiting: list[_Lot] = []
        self._lots: list[_Lot] = []
        self._unpaid = 0
        self._active_at: datetime | None = None
        self._standing = Standing(None, None)
        self.issued = 0
        self.reversed = 0
        self.rewards_minor = 0
        self._lost = 0

    @property
    def tier(self) -> str | None:
        """The tier they are in."""
        return self._standing.tier

    @property
    def pending(self) -> int:
        """Points that cannot be spent yet."""
        return self._unpaid + sum(lot.points for lot in self._waiting)

    def available(self, at: datetime) -> int:
        """Points that can be spent at an instant."""
        return sum(lot.points for lot in self._lots if lot.lives(at))

    def expired(self, at: datetime) -> int:
        """Points whose time is over."""
        return self._lost + sum(lot.points for lot in self._lots if not lot.lives(at))

    def join(self, at: datetime) -> None:
        """Give what becoming a member gives."""
        points = self._program.join_points
        if points and not self._is_left_out:
            self.issued += points
            self._lots.append(
                _Lot(at, -1, points, expires_at(self._program.expiry, at, self._zone))
            )
            self._active_at = at

    def take(self, order: Order) -> None:
        """Take in an order, after all that were placed before it."""
        at = self._counted_at or order.placed_at
        self.wait(at)
        award = self._award(order)
        is_sale = not (award.why_none and award.why_none.is_no_sale)
        spend_minor = order.remaining_minor if is_sale else 0
        self._orders.append((order.counts_at, spend_minor))
        if spend_minor > 0:
            self._bought.append((order.placed_at, spend_minor))
            self._categories |= {line.category for line in order.lines if line.category}
        kept = target_points(award, order, self._program)
        self._give(order, award.points, kept, at)
        # Entry points may lead one tier further.
        while self._enter(order, self._rank(at), at):
            pass

    def wait(self, until: datetime) -> None:
        """Let time pass: points become available or end by inactivity, tiers end."""
        while True:
            ready_at = self._waiting[0].ready_at if self._waiting else None
            moments = [one for one in (ready_at, self._standing.due_at) if one and one <= until]
            moment = min(moments) if moments else until
            self._lose_by_inactivity(moment)
            if not moments:
                return
            while self._waiting and self._waiting[0].ready_at <= moment:
                self._lots.append(heappop(self._waiting))
                self._active_at = moment
            self._rank(moment)

    def _enter(self, order: Order, passed: Sequence[Tier], at: datetime) -> bool:
        """Give what tiers give on entry, once each; whether any of these gave something."""
        new = [one for one in passed if one.rewards_entry and one.code not in self._entered]
        if not new or self._is_left_out or not keeps_entry(order):
            return False
        self._entered |= {tier.code for tier in new}
        points = sum(tier.entry_points for tier in new)
        self._give(order, points, points, at)
        if not self._known.is_guest:
            rewards = [face_minor(self._program, tier.entry_reward) for tier in new]
            self.rewards_minor += sum(rewards)
        return True

    def _award(self, order: Order) -> Award:
        tier = self._program.tiers.named(self._standing.tier)
        history = NOTHING_BOUGHT
        if self._program.needs_history and self._bought:
            history = History(tuple(self._bought), self._categories)
        local = order.placed_at.astimezone(self._zone)
        context = Context(local, history, self._left, held_out=self._is_left_out)
        award = award_for(order, self._program, REVISION, tier, context)
        given: Mapping[str, int] = dict(award.rules) | dict(award.campaigns)
        for code in self._left:
            self._left[code] -= given.get(code, 0)
        return award

    def _give(self, order: Order, given: int, kept: int, at: datetime) -> None:
        """Note points for an order, and those of them that are still deserved."""
        self.issued += given
        self.reversed += given - kept
        if not kept:
            # As settling it afresh would: what goes back at once is no activity either.
            return
        self._active_at = at
        ready_at = available_at(order, self._program)
        if ready_at is None:
            self._unpaid += kept
            return
        expiry = expires_at(self._program.expiry, ready_at, self._zone)
        lot = _Lot(ready_at, len(self._orders) - 1, kept, expiry)
        if ready_at <= at:
            self._lots.append(lot)
        else:
            heappush(self._waiting, lot)

    def _lose_by_inactivity(self, at: datetime) -> None:
        if is_inactive(self._program.expiry, self._active_at, at, self._zone):
            self._lost += sum(lot.points for lot in self._lots)
            self._lots = []

    def _rank(self, at: datetime) -> tuple[Tier, ...]:
        """Let the member rise or fall; returns the tiers passed on the way up."""
        tiers = self._program.tiers
        if not tiers.ladder:
            return ()
        before = self._standing
        self._standing = after = standing_after(
            tiers,
            before,
            self._measured(at),
            at=at,
            zone=self._zone,
            floor=self._known.floor_tier,
            floor_until=self._known.floor_until,
        )
        return tiers.passed(tiers.named(before.tier), tiers.named(after.tier))

    def _measured(self, at: datetime) -> int:
        tiers = self._program.tiers
        if tiers.measure is Measure.BALANCE:
            return self.available(at)
        start = window_start(tiers, at, self._zone)
        counting = {
            place: spend_minor
            for place, (counts_at, spend_minor) in enumerate(self._orders)
            if counts_at is not None and (start is None or counts_at >= start)
        }
        if tiers.measure is Measure.SPEND:
            return sum(counting.values())
        if tiers.measure is Measure.ORDERS:
            return sum(1 for spend_minor in counting.values() if spend_minor > 0)
        return sum(lot.points for lot in self._lots if lot.order in counting and lot.lives(at))
