"""Walks through a shop, step by step: begun when somebody asks, gone on with, given up."""

from datetime import datetime
from typing import assert_never

from sqlalchemy.orm import Session

from app.domain.effects import CheckCodes, CountPast, FetchCustomers, FetchHistory, Reconcile
from app.jobs.check_codes import check_codes
from app.jobs.past import count_past_orders
from app.jobs.reconcile import fetch_history, reconcile
from app.jobs.reconcile_customers import reconcile_customers
from app.jobs.tools import Tools
from app.models.base import ShopId
from app.models.effect import queue
from app.models.shop import Shop
from app.models.walk import WISHED, WalkKind, begin_history, begin_walk, end_walk, open_walk
from app.platforms.base import Connection, PlatformError

WalkOn = Reconcile | FetchCustomers | FetchHistory | CountPast | CheckCodes
"""Go on with a walk; it is queued anew until the walk is over."""

_KINDS: dict[type[WalkOn], WalkKind] = {
    Reconcile: WalkKind.ORDERS,
    FetchCustomers: WalkKind.CUSTOMERS,
    CheckCodes: WalkKind.CODES,
    **{effect: kind for kind, effect in WISHED.items()},
}


def compare_now(session: Session, shop: Shop, *, at: datetime) -> None:
    """Have orders, customers and codes compared at once; what is being compared already is enough.

    The walks are begun here, so that whoever asked sees at once that they are on their way.
    """
    for effect in (Reconcile, FetchCustomers, CheckCodes):
        begin_walk(session, shop.id, _KINDS[effect], at=at)
        queue(session, shop.id, [effect(shop.domain)], at=at)


def fetch_history_since(session: Session, shop: Shop, since: datetime, *, at: datetime) -> None:
    """Have orders brought in that were placed since a moment, or changed since then.

    A walk that is under way already goes on, or begins anew where an earlier moment is asked for.
    Asking again when it is over looks at all once more, and changes nothing that is known.
    """
    begin_history(session, shop.id, since, at=at)
    queue(session, shop.id, [FetchHistory(shop.domain)], at=at)


def walk_on(
    tools: Tools, connection: Connection, shop_id: ShopId, effect: WalkOn, *, now: datetime
) -> None:
    """Go on with a walk for a while. Raises PlatformError; going on twice does no harm."""
    match effect:
        case Reconcile():
            reconcile(tools, connection, shop_id, now=now)
        case FetchCustomers():
            reconcile_customers(tools, connection, shop_id, now=now)
        case FetchHistory():
            fetch_history(tools, connection, shop_id, now=now)
        case CountPast():
            count_past_orders(tools, shop_id, now=now)
        case CheckCodes():
            check_codes(tools, connection, shop_id, now=now)
        case _:
            assert_never(effect)


def give_walk_up(
    tools: Tools, shop_id: ShopId, effect: WalkOn, error: PlatformError, *, now: datetime
) -> None:
    """Close a walk that cannot go on, with the reason; the next one begins where it was.

    What a merchant wished is opened again by whoever has its effect tried again.
    """
    with tools.database.transaction() as session:
        walk = open_walk(session, shop_id, _KINDS[type(effect)])
        if walk is not None:
            end_walk(session, walk, at=now, error=str(error))
