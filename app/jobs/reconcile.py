"""Reconcile: walk the orders that changed on the platform, and settle what we missed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.effects import FetchOrder, Reconcile
from app.domain.errors import NotUnderstood
from app.domain.events import OrderChanged
from app.domain.order import Order
from app.jobs.apply import apply
from app.jobs.tools import Tools
from app.loyalty.settle import Fact, settle
from app.models.base import ShopId
from app.models.effect import is_given_up, queue
from app.models.order import OrderRecord
from app.models.shop import Shop
from app.platforms.base import Connection, PlatformError, UnreadableOrders

OVERLAP = timedelta(minutes=10)
"""How far back reconciling looks behind where it ended, since platforms tell changes late."""
FIRST_LOOK_BACK = timedelta(days=1)
RECONCILE_BATCH = 100
RECONCILE_BATCHES = 10
"""Batches of one walk: some 1,000 orders, well within the lease of an effect."""

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
        with tools.database.transaction() as session:
            shop = session.get_one(Shop, shop_id)
            queue(session, shop_id, [Reconcile(shop.domain)], at=now)


def walk(
    tools: Tools,
    connection: Connection,
    shop_id: ShopId,
    *,
    since: datetime | None = None,
    now: datetime,
) -> Walked:
    """Settle what changed since a moment, or since the mark, in batches that each move the mark on.

    It ends after so many batches. An order that cannot be read is fetched by itself: what is wrong
    with it stands there, once, and the walk is done. Raises PlatformError and NotUnderstood for
    what the platform did not tell.
    """
    with tools.database.reading() as session:
        shop = session.get_one(Shop, shop_id)
    mark = shop.reconciled_until or min(now - FIRST_LOOK_BACK, shop.installed_at)
    # Never after the mark: it says that all before it was compared.
    start = until = min(mark, since or mark)
    orders = connection.orders_since(start - OVERLAP)
    checked = differences = passed = 0
    is_over = False
    while not is_over and passed < RECONCILE_BATCHES:
        batch, failure = _next_batch(orders)
        is_over = failure is not None or len(batch) < RECONCILE_BATCH
        if batch:
            differences += _settle(tools, shop_id, batch, now)
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
    return Walked(checked, differences, until, is_over)


def welcome(
    tools: Tools, connection: Connection, shop_id: ShopId, *, since: datetime, now: datetime
) -> int:
    """Enroll the customers who changed since a moment; returns how many were looked at.

    A program that enrolls nobody by itself enrolls nobody here either.
    """
    customers, looked_at = connection.customers_since(since), 0
    while batch := list(islice(customers, RECONCILE_BATCH)):
        with tools.database.transaction() as session:
            apply(session, session.get_one(Shop, shop_id), [(one, now) for one in batch])
        looked_at += len(batch)
    return looked_at


def _settle(tools: Tools, shop_id: ShopId, batch: list[Order], now: datetime) -> int:
    """Settle a batch and leave a mark behind it; returns how many orders had missed something."""
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        facts = [Fact(OrderChanged(order), now) for order in batch]
        before = _settlements(session, shop_id, facts)
        settle(session, shop, facts)
        after = _settlements(session, shop_id, facts)
    newest = max(order.updated_at for order in batch)
    # By itself: whoever publishes locks the shop before its members.
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id, with_for_update=True)
        # Another walk may be further than this one.
        shop.reconciled_until = max(newest, shop.reconciled_until or newest)
    return sum(after[key] != before.get(key, 0) for key in after)


def _fetch(tools: Tools, shop_id: ShopId, order_ids: Sequence[str], now: datetime) -> None:
    """Have orders fetched, but for those that could not be read before."""
    with tools.database.transaction() as session:
        fetched = [FetchOrder(order_id) for order_id in order_ids]
        new = [one for one in fetched if not is_given_up(session, shop_id, one)]
        queue(session, shop_id, new, at=now)


def _next_batch(orders: Iterator[Order]) -> tuple[list[Order], Exception | None]:
    """The orders that come next, and what kept others from coming: those that came still count."""
    batch: list[Order] = []
    try:
        for order in islice(orders, RECONCILE_BATCH):
            batch.append(order)
    except (PlatformError, NotUnderstood) as failure:
        return batch, failure
    return batch, None


def _settlements(session: Session, shop_id: ShopId, facts: list[Fact]) -> dict[str, int]:
    ids = {fact.order_id for fact in facts}
    query = select(OrderRecord.order_id, OrderRecord.settlements).where(
        OrderRecord.shop_id == shop_id, OrderRecord.order_id.in_(ids)
    )
    return {row.order_id: row.settlements for row in session.execute(query)}
