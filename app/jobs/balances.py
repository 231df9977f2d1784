"""Balances that a shop's own pages show, so that they do while we are away.

A chore looks for members whose balance is not what was written last, and an effect writes those, a
few at a time. So a balance that changes ten times in a minute is written once.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from app.domain.effects import SyncBalances
from app.jobs.go_on import go_on_later
from app.jobs.tools import Tools
from app.models.base import ShopId
from app.models.effect import is_given_up, is_open, queue
from app.models.program import Programs, latest_number
from app.models.shop import Credential, Shop, ShopState
from app.models.synced_balance import Unsynced, note_synced, unsynced
from app.platforms.base import Connection, Platform

AT_ONCE = 25
"""Customers in one call: more the platform does not take."""
CALLS = 20
"""Calls of one effect, which keep it well within its lease."""
GIVEN_UP_FOR = timedelta(days=1)

log = structlog.get_logger()


def queue_sync(session: Session, shop: Shop, *, at: datetime) -> None:
    """Queue the writing of balances where there are any to write, and nobody is at it.

    What was given up is tried again by the merchant, or after a day: not every minute.
    """
    sync = SyncBalances(shop.domain)
    if (
        unsynced(session, shop.id, limit=1)
        and _is_live(session, shop, at)
        and not is_open(session, shop.id, sync)
        and not is_given_up(session, shop.id, sync, since=at - GIVEN_UP_FOR)
    ):
        queue(session, shop.id, [sync], at=at)


def shows_balances(platform: Platform, session: Session, shop: Shop) -> bool:
    """Whether the shop's own pages print balances, and it has let us keep them there.

    A page that gets the widget by a script prints nothing by itself.
    """
    credential = session.get(Credential, shop.id)
    return (
        shop.state == ShopState.ACTIVE
        and shop.connected_at is not None
        and not shop.widget_injected
        and credential is not None
        and not platform.missing_for_balances(credential.scopes.split(","))
    )


def sync_balances(tools: Tools, connection: Connection, shop_id: ShopId, *, now: datetime) -> None:
    """Write every balance that has changed; what is left after so many calls is queued anew.

    A customer whom the platform does not have counts as written, until their balance changes.
    """
    for _ in range(CALLS):
        with tools.database.reading() as session:
            shop = session.get_one(Shop, shop_id)
            changed = _to_write(tools.platform, session, shop, now)
        if not changed:
            return
        gone = connection.keep_balances({one.customer_id: one.points for one in changed})
        with tools.database.transaction() as session:
            note_synced(session, shop_id, changed)
        log.info("balances synced", shop=shop.domain, written=len(changed) - len(gone))
        if gone:
            log.info("customers are not on the platform", shop=shop.domain, customers=len(gone))
    go_on_later(tools, shop_id, SyncBalances, now=now)


def _to_write(platform: Platform, session: Session, shop: Shop, at: datetime) -> list[Unsynced]:
    """Whose balance to write next; nobody's where the merchant has meanwhile thought better."""
    if shows_balances(platform, session, shop) and _is_live(session, shop, at):
        return unsynced(session, shop.id, limit=AT_ONCE)
    return []


def _is_live(session: Session, shop: Shop, at: datetime) -> bool:
    """Whether shoppers may see points at all: a preview's are nobody's business."""
    return bool(latest_number(session, shop.id)) and Programs(session, shop.id).at(at).live
