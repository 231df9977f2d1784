"""Every effect we know, and how it is performed: read the present, call, record.

The call in the middle is made outside any transaction, and can be repeated.
"""

from datetime import datetime
from typing import assert_never
from uuid import UUID

import structlog

from app.domain.effects import (
    CheckCodes,
    Connect,
    CountPast,
    Effect,
    FetchCustomers,
    FetchHistory,
    FetchOrder,
    FetchProduct,
    GiveReward,
    IssueDiscount,
    KillDiscount,
    Reconcile,
    RefillPool,
    SyncBalances,
    TakeBack,
)
from app.domain.events import OrderChanged
from app.domain.products import ProductFacts
from app.jobs.balances import sync_balances
from app.jobs.giving import give, take_back
from app.jobs.pools import kill_pooled, refill
from app.jobs.tools import Tools
from app.jobs.walks import give_walk_up, walk_on
from app.loyalty.admit import learn
from app.loyalty.learn_product import learn_product
from app.loyalty.note_code import (
    code_is_dead,
    code_is_in_doubt,
    code_is_ready,
    code_is_refused,
    code_was_used,
)
from app.loyalty.settle import Fact, settle
from app.models.base import ShopId
from app.models.member import Member
from app.models.redemption import RedemptionState, redemption_by_id
from app.models.shop import Shop
from app.platforms.base import Connection, PlatformError

log = structlog.get_logger()


def perform(
    tools: Tools, connection: Connection, shop_id: ShopId, effect: Effect, *, now: datetime
) -> None:
    """Make an effect happen. Raises PlatformError; performing it twice does no harm."""
    match effect:
        case Connect():
            _connect(tools, connection, shop_id, now)
        case IssueDiscount(subject):
            _issue(tools, connection, shop_id, UUID(subject), now)
        case KillDiscount(subject):
            _kill(tools, connection, shop_id, UUID(subject), now)
        case GiveReward(subject):
            give(tools, connection, shop_id, UUID(subject), now=now)
        case TakeBack(subject):
            take_back(tools, connection, shop_id, UUID(subject), now=now)
        case RefillPool(subject):
            refill(tools, connection, shop_id, subject, now=now)
        case FetchOrder(subject):
            _fetch_order(tools, connection, shop_id, subject, now)
        case FetchProduct(subject):
            _fetch_product(tools, connection, shop_id, subject, now)
        case Reconcile() | FetchCustomers() | FetchHistory() | CountPast() | CheckCodes():
            walk_on(tools, connection, shop_id, effect, now=now)
        case SyncBalances():
            sync_balances(tools, connection, shop_id, now=now)
        case _:
            assert_never(effect)


def undo(
    tools: Tools,
    shop_id: ShopId,
    effect: Effect,
    error: PlatformError,
    *,
    first_try: bool,
    now: datetime,
) -> None:
    """What giving an effect up for good means for the books.

    A code that was refused at the first try does not exist. After any other try it may: an
    earlier answer may have been lost, so it is killed before the points come back.
    """
    match effect:
        case IssueDiscount(subject) | GiveReward(subject):
            told = code_is_refused if error.permanent and first_try else code_is_in_doubt
            with tools.database.transaction() as session:
                shop = session.get_one(Shop, shop_id)
                told(session, shop, UUID(subject), error=str(error), at=now)
        case (
            Connect()
            | KillDiscount()
            | TakeBack()
            | RefillPool()
            | FetchOrder()
            | FetchProduct()
            | SyncBalances()
        ):
            # Nothing was promised to anybody: the dead letter waits for the merchant.
            pass
        case Reconcile() | FetchCustomers() | FetchHistory() | CountPast() | CheckCodes():
            give_walk_up(tools, shop_id, effect, error, now=now)
        case _:
            assert_never(effect)


def _connect(tools: Tools, connection: Connection, shop_id: ShopId, now: datetime) -> None:
    facts = connection.shop()
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        learn(
            session,
            shop,
            name=facts.name,
            currency=facts.currency,
            timezone=facts.timezone,
            at=now,
        )
    connection.subscribe(f"{tools.public_url}/webhooks")
    injected = connection.inject_widget(f"{tools.public_url}/widget.js")
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        shop.connected_at = now
        shop.widget_injected = injected


def _issue(
    tools: Tools, connection: Connection, shop_id: ShopId, redemption_id: UUID, now: datetime
) -> None:
    with tools.database.reading() as session:
        redemption = redemption_by_id(session, shop_id, redemption_id)
        member = session.get_one(Member, (shop_id, redemption.member_id))
    if redemption.state != RedemptionState.ISSUING:
        return
    ref = connection.create_discount(redemption.discount(member.customer_id))
    with tools.database.transaction() as session:
        code_is_ready(session, session.get_one(Shop, shop_id), redemption_id, ref, at=now)


def _kill(
    tools: Tools, connection: Connection, shop_id: ShopId, redemption_id: UUID, now: datetime
) -> None:
    with tools.database.reading() as session:
        redemption = redemption_by_id(session, shop_id, redemption_id)
    if redemption.state in (RedemptionState.READY, RedemptionState.USED):
        return
    if redemption.pool_id is not None:
        kill_pooled(tools, connection, redemption, now=now)
        return
    is_dead = connection.kill_discount(redemption.code)
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        if is_dead:
            code_is_dead(session, shop, redemption_id, at=now)
        else:
            code_was_used(session, shop, redemption_id, at=now)


def _fetch_order(
    tools: Tools, connection: Connection, shop_id: ShopId, order_id: str, now: datetime
) -> None:
    order = connection.order(order_id)
    if order is None:
        log.info("order is not on the platform", order=order_id)
        return
    with tools.database.transaction() as session:
        settle(session, session.get_one(Shop, shop_id), [Fact(OrderChanged(order), now)])


def _fetch_product(
    tools: Tools, connection: Connection, shop_id: ShopId, product_id: str, now: datetime
) -> None:
    """Note what the catalog says; a product that is gone has no marks any more."""
    facts = connection.product(product_id) or ProductFacts()
    with tools.database.transaction() as session:
        learn_product(session, session.get_one(Shop, shop_id), product_id, facts, at=now)
