"""Rehearse a draft: what the shop's own orders would have given, under it and as it is now.

Both sides are replayed alike, from the order records as they stand today, so that the difference
is the draft's alone. Nothing is written. Members are replayed one after the other as their orders
stream by, so memory does not grow with the shop; only a program with a budget, which all share,
needs everybody's orders in one row.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappush, heappushpop

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.domain.products import ProductFacts
from app.domain.program import Program
from app.domain.worth import worth_minor
from app.loyalty.rehearsal import Known, Rehearsal
from app.models.placed_order import (
    PlacedOrder,
    count_placed,
    joined_without_orders,
    placed_orders,
)
from app.models.product import products_by_id
from app.models.shop import Shop

MOST_NAMED = 20
"""How many of those who gain and lose most are named."""

Progress = Callable[[int, int], None]
"""Told how many orders are replayed, of how many."""


@dataclass(slots=True)
class Outcome:
    """What a program would have given by now, points spent left aside.

    `rewards_minor` is what tiers gave on entry beside points, at face value. `liability_minor` is
    that and what available points are worth by the program's cheapest amount reward; None where no
    reward says what a point is worth.
    """

    issued: int = 0
    reversed: int = 0
    expired: int = 0
    pending: int = 0
    available: int = 0
    rewards_minor: int = 0
    liability_minor: int | None = None

    def add(self, member: Rehearsal, at: datetime) -> None:
        """Count a member in."""
        self.issued += member.issued
        self.reversed += member.reversed
        self.expired += member.expired(at)
        self.pending += member.pending
        self.available += member.available(at)
        self.rewards_minor += member.rewards_minor


@dataclass(frozen=True, slots=True, order=True)
class MemberChange:
    """What becomes of one member: the points they would have now, before and after the change."""

    gain: int
    key: str
    customer_id: str | None
    before: int
    after: int


@dataclass(slots=True)
class WhatIf:
    """What a draft would have changed."""

    orders: int
    members: int
    now: Outcome
    then: Outcome
    tier_moves: Counter[tuple[str | None, str | None]]
    gaining: int
    losing: int
    gain_most: list[MemberChange]
    lose_most: list[MemberChange]


def rehearse(
    session: Session,
    shop: Shop,
    now: Program,
    draft: Program,
    *,
    at: datetime,
    only: ColumnElement[bool] | None = None,
    total: int | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Replay a shop's orders under two programs, both as if live, and compare.

    Beside orders only joining gives points here; points that were spent, given by hand or for deeds
    are the same under both. With `only`, nothing is looked at but the orders that it holds for, as
    if they were all let in at this moment; the caller may know how many they are.
    """
    stage = _Stage(shop, now.opened, draft.opened, at, at_once=only is not None)
    if only is None:
        total = count_placed(session, shop.id)
    done = 0
    for chunk in placed_orders(session, shop.id, by_member=not stage.in_one_row, only=only):
        catalog = _catalog(session, shop, chunk) if stage.needs_catalog else {}
        for placed in chunk:
            stage.play(placed, catalog)
        done += len(chunk)
        if progress is not None:
            progress(done, total or 0)
    stage.close_all()
    if only is None:
        stage.welcome(joined_without_orders(session, shop.id))
    return stage.told(done)


def _catalog(session: Session, shop: Shop, chunk: list[PlacedOrder]) -> dict[str, ProductFacts]:
    """What the catalog says of the products on some orders; of others nothing is known yet."""
    asked = {product_id for placed in chunk for product_id in placed.product_ids}
    known = products_by_id(session, shop.id, asked)
    return {product_id: product.facts for product_id, product in known.items()}


class _Stage:
    """Both programs side by side, and what has come of them so far."""

    def __init__(
        self, shop: Shop, now: Program, draft: Program, at: datetime, *, at_once: bool
    ) -> None:
        self._zone = shop.zone
        self._at = at
        self._at_once = at_once
        self._programs = (now, draft)
        self._left = (dict(now.budgets), dict(draft.budgets))
        self._open: dict[str, tuple[str | None, Rehearsal, Rehearsal]] = {}
        self._members = 0
        self._outcomes = (Outcome(), Outcome())
        self._moves: Counter[tuple[str | None, str | None]] = Counter()
        self._gaining = self._losing = 0
        self._gain: list[MemberChange] = []
        self._lose: list[MemberChange] = []
        self.in_one_row = any(self._left)
        self.needs_catalog = now.needs_catalog or draft.needs_catalog

    def play(self, placed: PlacedOrder, catalog: Mapping[str, ProductFacts]) -> None:
        """Take in one order; the member before this one is done, unless all are in one row."""
        if placed.owner not in self._open:
            if not self.in_one_row:
                self.close_all()
            self._open[placed.owner] = (placed.customer_id, *self._begun(placed))
        _, now, draft = self._open[placed.owner]
        order = placed.order(catalog)
        now.take(order)
        draft.take(order)

    def _begun(self, placed: PlacedOrder) -> tuple[Rehearsal, Rehearsal]:
        known = Known(
            placed.floor_tier,
            placed.floor_until,
            entered=placed.entered if self._at_once else frozenset(),
            is_guest=placed.customer_id is None,
            arm=placed.arm,
        )
        counted_at = self._at if self._at_once else None
        now, draft = (
            Rehearsal(program, self._zone, left, known, counted_at)
            for program, left in zip(self._programs, self._left, strict=True)
        )
        if placed.customer_id is not None and placed.joined_at is not None:
            now.join(placed.joined_at)
            draft.join(placed.joined_at)
        return now, draft

    def close_all(self) -> None:
        """Count in the members whose orders have all been replayed."""
        for key, (customer_id, now, draft) in self._open.items():
            self._count(now, draft)
            self._moves[now.tier, draft.tier] += 1
            before, after = (one.available(self._at) + one.pending for one in (now, draft))
            self._name(MemberChange(after - before, key, customer_id, before, after))
        self._open.clear()

    def welcome(self, joined: Iterator[tuple[datetime, str | None]]) -> None:
        """Count in the members who have no orders: they get what joining gives."""
        for joined_at, arm in joined:
            pair = [Rehearsal(one, self._zone, {}, Known(arm=arm)) for one in self._programs]
            for member in pair:
                member.join(joined_at)
            self._count(*pair)

    def _count(self, now: Rehearsal, draft: Rehearsal) -> None:
        self._members += 1
        for outcome, member in zip(self._outcomes, (now, draft), strict=True):
            member.wait(self._at)
            outcome.add(member, self._at)

    def _name(self, change: MemberChange) -> None:
        """Count who gains or loses, and keep a member among those who do most."""
        self._gaining += change.gain > 0
        self._losing += change.gain < 0
        most = self._gain if change.gain > 0 else self._lose
        ranked = change if change.gain > 0 else replace(change, gain=-change.gain)
        if change.gain:
            (heappush if len(most) < MOST_NAMED else heappushpop)(most, ranked)

    def told(self, orders: int) -> WhatIf:
        """All that has come of it."""
        for outcome, program in zip(self._outcomes, self._programs, strict=True):
            worth = worth_minor(program, outcome.available)
            outcome.liability_minor = None if worth is None else worth + outcome.rewards_minor
        now, then = self._outcomes
        lose = [replace(one, gain=-one.gain) for one in sorted(self._lose, reverse=True)]
        gain = sorted(self._gain, reverse=True)
        many = orders, self._members, now, then, self._moves, self._gaining, self._losing
        return WhatIf(*many, gain, lose)
