"""Reconcile customers: walk those who changed on the platform, and welcome whom we missed."""

from datetime import datetime

from app.domain.effects import FetchCustomers
from app.domain.events import CustomerChanged
from app.jobs.apply import apply
from app.jobs.go_on import go_on_later
from app.jobs.reconcile import OVERLAP, RECONCILE_BATCH, RECONCILE_BATCHES, first_look, next_batch
from app.jobs.tools import Tools
from app.models.base import ShopId
from app.models.member import ids_by_customer
from app.models.shop import Shop
from app.models.walk import Walk, WalkKind, begin_walk, end_walk, step_of
from app.platforms.base import Connection


def reconcile_customers(
    tools: Tools, connection: Connection, shop_id: ShopId, *, now: datetime
) -> None:
    """Enroll who joined since the mark without our hearing of it.

    A program that enrolls nobody by itself enrolls nobody here either. A long walk is queued anew.
    """
    if not walk_customers(tools, connection, shop_id, now=now):
        go_on_later(tools, shop_id, FetchCustomers, now=now)


def walk_customers(
    tools: Tools,
    connection: Connection,
    shop_id: ShopId,
    *,
    since: datetime | None = None,
    now: datetime,
) -> bool:
    """Look at customers who changed since a moment, or since the mark; whether that was all.

    Each batch moves the mark on, and what was done twice is as if done once. Raises PlatformError
    and NotUnderstood for what the platform did not tell; it goes on from there the next time.
    """
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        begun = begin_walk(session, shop_id, WalkKind.CUSTOMERS, since=since, at=now)
    mark = shop.customers_until or first_look(shop, now)
    start = min(mark, since or mark)
    customers = connection.customers_since(start - OVERLAP)
    passed = 0
    while passed < RECONCILE_BATCHES or since is not None:
        batch, failure = next_batch(customers)
        if batch:
            _welcome(tools, begun, batch, now)
            # Counted from the mark on, so that each walk gets further than the one before it.
            passed += batch[-1][1] > start
        if failure is not None:
            raise failure
        if len(batch) < RECONCILE_BATCH:
            with tools.database.transaction() as session:
                end_walk(session, begun, at=now)
            return True
    return False


def _welcome(
    tools: Tools, begun: Walk, batch: list[tuple[CustomerChanged, datetime]], now: datetime
) -> None:
    """Enroll a batch, and leave a mark behind it."""
    shop_id = begun.shop_id
    changed = [one for one, _ in batch]
    customer_ids = {one.customer_id for one in changed}
    with tools.database.transaction() as session:
        before = ids_by_customer(session, shop_id, customer_ids)
        apply(session, session.get_one(Shop, shop_id), [(one, now) for one in changed])
        after = ids_by_customer(session, shop_id, customer_ids)
    newest = max(at for _, at in batch)
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id, with_for_update=True)
        shop.customers_until = max(newest, shop.customers_until or newest)
        news = len(after) - len(before)
        step_of(session, begun, checked=len(batch), differences=news, reached=newest)
