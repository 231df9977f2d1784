"""Reconcile: walk the orders that changed on the platform, and settle what we missed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.effects import FetchHistory, FetchOrder, Reconcile
from app.domain.errors import NotUnderstood
from app.domain.events import OrderChanged
from app.domain.order import Order
from app.jobs.go_on import go_on_later
from app.jobs.tools import Tools
from app.loyalty.settle import Fact, settle
from app.models.base import ShopId
from app.models.effect import is_given_up, queue
from app.models.order import OrderRecord
from app.models.shop import Shop
from app.models.walk import Walk, WalkKind, begin_walk, end_walk, step_of, take_up
from app.platforms.base import Connection, PlatformError, UnreadableOrders

OVERLAP = timedelta(minutes=10)
"""How far back reconciling looks behind where it ended, since platforms tell changes late."""
FIRST_LOOK_BACK = timedelta(days=1)
RECONCILE_BATCH = 100
RECONCILE_BATCHES = 10
"""Batches of one walk: some 1,000 orders, well within the lease of an effect."""

One = TypeVar("One")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Walked:
    """What one walk came to: orders it checked, those that had missed something, and its end."""

    checked: int
    differences: int
    until: datetime
    """Up to which change it came; the next walk begins there."""
    is_over: bool


def reconcile(tools: Tools, connection: Connection, shop_id: ShopId, *, now: datetime) -> None:
    """Settle what the platform has and we missed since the mark.

    A long walk is queued anew, so that none outlasts the lease of its effect.
    """
    if not walk(tools, connection, shop_id, now=now).is_over:
        go_on_later(tools, shop_id, Reconcile, now=now)


def fetch_history(tools: Tools, connection: Connection, shop_id: ShopId, *, now: datetime) -> None:
    """Go on with bringing in the orders since the moment for which the merchant has asked."""
    with tools.database.transaction() as session:
        asked = take_up(session, shop_id, WalkKind.HISTORY)
    if asked is None or asked.since is None:
        return
    since = asked.reached or asked.since
    walked = walk(tools, connection, shop_id, since=since, kind=WalkKind.HISTORY, now=now)
    if not walked.is_over:
        go_on_later(tools, shop_id, FetchHistory, now=now)


def walk(
    tools: Tools,
    connection: Connection,
    shop_id: ShopId,
    *,
    since: datetime | None = None,
    kind: WalkKind = WalkKind.ORDERS,
    now: datetime,
) -> Walked:
    """Settle what changed since a moment, or since the mark, in batches that each move the mark on.

    It ends after so many batches. An order that cannot be read is fetched by itself: what is wrong
    with it stands there, once, and the walk is done. Raises PlatformError and NotUnderstood for
    what the platform did not tell.
    """
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        begun = begin_walk(session, shop_id, kind, since=since, at=now)
    mark = shop.reconciled_until or first_look(shop, now)
    # Never after the mark: it says that all before it was compared.
    start = until = min(mark, since or mark)
    orders = connection.orders_since(start - OVERLAP)
    checked = differences = passed = 0
    is_over = False
    while not is_over and passed < RECONCILE_BATCHES:
        batch, failure = next_batch(orders)
        is_over = failure is not None or len(batch) < RECONCILE_BATCH
        if batch:
            differences += _settle(tools, begun, batch, now)
            checked += len(batch)
            until = max(until, batch[-1].updated_at)
            # Counted from the mark on, so that each walk gets further than the one before it.
            passed += batch[-1].updated_at > start
    log.info(
        "reconciled",
        shop=shop.domain,
        checked=checked,
        differences=differences,
        to_the_end=is_over and failure is None,
    )
    if isinstance(failure, UnreadableOrders) and failure.order_ids:
        _fetch(tools, shop_id, failure.order_ids, now)
    elif failure is not None:
        raise failure
    if is_over:
        with tools.database.transaction() as session:
            end_walk(session, begun, at=now)
    return Walked(checked, differences, until, is_over)


def first_look(shop: Shop, now: datetime) -> datetime:
    """Where walking through a shop's changes begins."""
    return min(now - FIRST_LOOK_BACK, shop.installed_at)


def _settle(tools: Tools, begun: Walk, batch: list[Order], now: datetime) -> int:
    """Settle a batch and leave a mark behind it; returns how many orders had missed something."""
    shop_id = begun.shop_id
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        facts = [Fact(OrderChanged(order), now) for order in batch]
        before = _settlements(session, shop_id, facts)
        settle(session, shop, facts)
        after = _settlements(session, shop_id, facts)
    newest = max(order.updated_at for order in batch)
    differences = sum(after[key] != before.get(key, 0) for key in after)
    # By itself: whoever publishes locks the shop before its members.
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id, with_for_update=True)
        # Another walk may be further than this one.
        shop.reconciled_until = max(newest, shop.reconciled_until or newest)
        step_of(session, begun, checked=len(batch), differences=differences, reached=newest)
    return differences


def _fetch(tools: Tools, shop_id: ShopId, order_ids: Sequence[str], now: datetime) -> None:
    """Have orders fetched, but for those that could not be read before."""
    with tools.database.transaction() as session:
        fetched = [FetchOrder(order_id) for order_id in order_ids]
        new = [one for one in fetched if not is_given_up(session, shop_id, one)]
        queue(session, shop_id, new, at=now)


def next_batch(found: Iterator[One]) -> tuple[list[One], Exception | None]:
    """Those that come next, and what kept others from coming: those that came still count."""
    batch: list[One] = []
    try:
        for one in islice(found, RECONCILE_BATCH):
            batch.append(one)
    except (PlatformError, NotUnderstood) as failure:
        return batch, failure
    return batch, None


def _settlements(session: Session, shop_id: ShopId, facts: list[Fact]) -> dict[str, int]:
    ids = {fact.order_id for fact in facts}
    query = select(OrderRecord.order_id, OrderRecord.settlements).where(
        OrderRecord.shop_id == shop_id, OrderRecord.order_id.in_(ids)
    )
    return {row.order_id: row.settlements for row in session.execute(query)}
