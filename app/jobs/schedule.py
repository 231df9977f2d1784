"""Recurring work: what time alone makes due, shop by shop.

Whichever worker comes first moves a chore's next time on, in a transaction of its own, and then
does it. A worker that dies in between leaves the rest for the next time: each chore catches up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.domain.effects import CheckCodes, Effect, FetchCustomers, Reconcile
from app.domain.errors import Refusal
from app.jobs.balances import queue_sync, shows_balances
from app.jobs.tools import Tools
from app.loyalty.act import congratulate
from app.loyalty.cancel import expire_codes
from app.loyalty.expire import expire_inactive, expire_points, forget_guests
from app.loyalty.forget_hauled import prune_hauls
from app.loyalty.give_owed import give_owed
from app.loyalty.mature import mature
from app.loyalty.refill import queue_checks, queue_refills
from app.loyalty.retier import retier
from app.models.base import ShopId
from app.models.delivery import Delivery, drop_bodies, prune_unknown
from app.models.effect import EffectRow, queue
from app.models.kept_report import refresh_reports
from app.models.program import latest_number
from app.models.queue import prune
from app.models.rebuild_mark import whole_shops
from app.models.shop import Shop, ShopState
from app.models.synced_balance import forget_emptied
from app.models.worker import chore
from app.platforms.base import Platform

BODIES_LIVE = timedelta(days=30)
ROWS_LIVE = timedelta(days=90)
"""How long a delivery or an effect that has ended can be looked up."""
UNKNOWN_LIVE = timedelta(days=30)
PRUNED_AT_ONCE = 500
TROUBLES = (
    *(Refusal, SQLAlchemyError, AssertionError),
    *(ArithmeticError, LookupError, TypeError, ValueError),
)
"""What one shop's rows can bring about: the worker has to live on for the others."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Recurring:
    """Work to be done for each shop once in a while; `work` returns how much it found to do.

    It is called again as long as it finds something, each time in a transaction of its own.
    `only_if` says of a platform and a shop whether there is anything to look for.
    """

    name: str
    every: timedelta
    work: Callable[[Session, Shop, datetime], int]
    only_if: Callable[[Platform, Session, Shop], bool] | None = None


def _mature(session: Session, shop: Shop, now: datetime) -> int:
    return mature(session, shop, at=now)


def _expire_points(session: Session, shop: Shop, now: datetime) -> int:
    return expire_points(session, shop, at=now)


def _expire_inactive(session: Session, shop: Shop, now: datetime) -> int:
    return expire_inactive(session, shop, at=now)


def _expire_codes(session: Session, shop: Shop, now: datetime) -> int:
    return expire_codes(session, shop, at=now)


def _give_owed(session: Session, shop: Shop, now: datetime) -> int:
    if shop.state == ShopState.ACTIVE and latest_number(session, shop.id):
        return give_owed(session, shop, at=now)
    return 0


def _refill_pools(session: Session, shop: Shop, now: datetime) -> int:
    if shop.state == ShopState.ACTIVE and latest_number(session, shop.id):
        queue_refills(session, shop, at=now)
    return 0


def _check_pools(session: Session, shop: Shop, now: datetime) -> int:
    if shop.state == ShopState.ACTIVE and latest_number(session, shop.id):
        queue_checks(session, shop, at=now)
    return 0


def _retier(session: Session, shop: Shop, now: datetime) -> int:
    return retier(session, shop, at=now)


def _forget_guests(session: Session, shop: Shop, now: datetime) -> int:
    return forget_guests(session, shop, at=now)


def _congratulate(session: Session, shop: Shop, now: datetime) -> int:
    congratulate(session, shop, at=now)
    return 0


def _drop_bodies(session: Session, shop: Shop, now: datetime) -> int:
    drop_bodies(session, shop.id, before=now - BODIES_LIVE)
    forget_emptied(session, shop.id, before=now - BODIES_LIVE)
    return 0


def _prune(session: Session, shop: Shop, now: datetime) -> int:
    at_once = PRUNED_AT_ONCE
    pruned = prune_unknown(session, before=now - UNKNOWN_LIVE, limit=at_once)
    # By then no platform sends one of the deliveries again.
    for table, came_at in ((EffectRow, EffectRow.created_at), (Delivery, Delivery.received_at)):
        pruned += prune(session, table, shop.id, came_at, before=now - ROWS_LIVE, limit=at_once)
    return pruned


def _prune_hauls(session: Session, shop: Shop, now: datetime) -> int:
    return prune_hauls(session, shop.id, at=now)


def _compared(effect: type[Effect]) -> Callable[[Session, Shop, datetime], int]:
    """Queues a comparison with the platform, once we are connected to it."""

    def work(session: Session, shop: Shop, now: datetime) -> int:
        if shop.state == ShopState.ACTIVE and shop.connected_at is not None:
            queue(session, shop.id, [effect.about(shop.domain)], at=now)
        return 0

    return work


def _refresh_reports(session: Session, shop: Shop, now: datetime) -> int:
    refresh_reports(session, shop.id, at=now)
    return 0


def _sync_balances(session: Session, shop: Shop, now: datetime) -> int:
    queue_sync(session, shop, at=now)
    return 0


CHORES = (
    Recurring("mature", timedelta(seconds=30), _mature),
    Recurring("expire points", timedelta(minutes=5), _expire_points),
    Recurring("expire inactive", timedelta(minutes=10), _expire_inactive),
    Recurring("expire codes", timedelta(minutes=1), _expire_codes),
    Recurring("give owed", timedelta(minutes=10), _give_owed),
    Recurring("refill pools", timedelta(minutes=15), _refill_pools),
    Recurring("check pools", timedelta(hours=1), _check_pools),
    Recurring("retier", timedelta(minutes=10), _retier),
    Recurring("congratulate", timedelta(hours=1), _congratulate),
    Recurring("forget guests", timedelta(hours=1), _forget_guests),
    Recurring("drop bodies", timedelta(hours=6), _drop_bodies),
    Recurring("prune", timedelta(hours=6), _prune),
    Recurring("prune hauls", timedelta(hours=1), _prune_hauls),
    Recurring("reconcile", timedelta(minutes=5), _compared(Reconcile)),
    Recurring("reconcile customers", timedelta(minutes=15), _compared(FetchCustomers)),
    Recurring("check codes", timedelta(hours=6), _compared(CheckCodes)),
    Recurring("refresh reports", timedelta(minutes=10), _refresh_reports),
    Recurring("sync balances", timedelta(minutes=1), _sync_balances, only_if=shows_balances),
)


class Schedule:
    """One worker's view of the chores; it asks the database only when one may be due."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._look_again: dict[str, datetime] = {}

    def work(self, *, now: datetime) -> int:
        """Do what is due; returns how many chores were."""
        return sum(self._do(recurring, now) for recurring in CHORES)

    def _do(self, recurring: Recurring, now: datetime) -> bool:
        if self._look_again.get(recurring.name, now) > now:
            return False
        with self._tools.database.transaction() as session:
            row = chore(session, recurring.name, first_at=now)
            is_due = row.run_at <= now
            if is_due:
                row.run_at = now + recurring.every
            self._look_again[recurring.name] = row.run_at
            due = whole_shops(session)
        for shop_id in due if is_due else []:
            self._do_for(recurring, shop_id, now)
        return is_due

    def _do_for(self, recurring: Recurring, shop_id: ShopId, now: datetime) -> None:
        """Do a chore for one shop; what fails there fails nobody else, and is tried next time."""
        found = 1
        while found:
            try:
                with self._tools.database.transaction() as session:
                    shop = session.get_one(Shop, shop_id)
                    may, platform = recurring.only_if, self._tools.platform
                    if may is not None and not may(platform, session, shop):
                        return
                    found = recurring.work(session, shop, now)
            except TROUBLES:
                log.exception("chore failed", chore=recurring.name, shop_id=shop_id)
                return
            if found:
                log.info("chore", chore=recurring.name, shop_id=shop_id, found=found)
