"""Keep the pools of codes filled: ask the platform for what is written down, note what it made."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.effects import KillDiscount, RefillPool
from app.jobs.tools import Tools
from app.loyalty.lose_pool import lose_pool
from app.loyalty.note_code import code_is_dead, code_was_used
from app.loyalty.refill import Work, note_added, note_adding, note_parent, note_removed, plan_refill
from app.models.base import ShopId
from app.models.effect import queue
from app.models.pool import Pool
from app.models.redemption import Redemption
from app.models.shop import Shop
from app.platforms.base import Connection, PlatformError

LOOK_AGAIN = timedelta(seconds=5)
"""How long the platform gets for what it does in its own time."""


def refill(
    tools: Tools, connection: Connection, shop_id: ShopId, reward_code: str, *, now: datetime
) -> None:
    """Bring the pools of a reward one step further; come back when there are more to take."""
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        letters = tools.vault.code_letters
        work = plan_refill(session, shop, reward_code, letters, at=now)
    unfinished = [_step(tools, connection, shop_id, one, now) for one in work]
    if any(unfinished):
        with tools.database.transaction() as session:
            queue(session, shop_id, [RefillPool(reward_code)], at=now + LOOK_AGAIN)


def kill_pooled(
    tools: Tools, connection: Connection, redemption: Redemption, *, now: datetime
) -> None:
    """Delete one code from its pool. The platform takes its time, so we look again until it is so.

    What was used meanwhile is left alone.
    """
    shop_id = redemption.shop_id
    with tools.database.reading() as session:
        pool = session.get_one(Pool, (shop_id, redemption.pool_id))
    assert pool.ref is not None, "A code that was handed out hangs under its parent."
    found = connection.pooled_code(pool.ref, redemption.code)
    if found is not None and not found.uses:
        connection.remove_codes(pool.ref, [found.ref])
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        if found is None:
            code_is_dead(session, shop, redemption.id, at=now)
        elif found.uses:
            code_was_used(session, shop, redemption.id, at=now)
        else:
            queue(session, shop_id, [KillDiscount(str(redemption.id))], at=now + LOOK_AGAIN)


def _step(tools: Tools, connection: Connection, shop_id: ShopId, work: Work, now: datetime) -> bool:
    """Do the next thing for a pool; whether there is more to do."""
    if work.is_done:
        return _is_lost(tools, connection, shop_id, work, now)
    if work.missing:
        try:
            return _add(tools, connection, shop_id, work, now)
        except PlatformError as error:
            if error.permanent and _is_lost(tools, connection, shop_id, work, now):
                return True
            raise
    assert work.ref is not None, "What is to be deleted was once made."
    connection.remove_codes(work.ref, work.over)
    _note(
        tools, shop_id, lambda session, shop: note_removed(session, shop, work.pool_id, work.over)
    )
    return True


def _add(tools: Tools, connection: Connection, shop_id: ShopId, work: Work, now: datetime) -> bool:
    ref = work.ref or _open(tools, connection, shop_id, work)
    if work.adding_ref is None:
        adding = connection.add_codes(ref, work.missing)
        _note(
            tools,
            shop_id,
            lambda session, shop: note_adding(session, shop, work.pool_id, adding, at=now),
        )
        return True
    added = connection.codes_added(work.adding_ref)
    if added is None:
        return True
    # A code that this adding could not make may be one that an earlier adding has made.
    refs = {code: added.get(code) or _found(connection, ref, code) for code in work.missing}
    _note(tools, shop_id, lambda session, shop: note_added(session, shop, work.pool_id, refs))
    return work.parent is None


def _is_lost(
    tools: Tools, connection: Connection, shop_id: ShopId, work: Work, now: datetime
) -> bool:
    """Whether a pool is gone from the platform, by whomever; then it is begun anew."""
    if work.ref is None or work.parent is None:
        return False
    if connection.pooled_code(work.ref, work.parent.code) is not None:
        return False
    _note(tools, shop_id, lambda session, shop: lose_pool(session, shop, work.pool_id, at=now))
    return True


def _open(tools: Tools, connection: Connection, shop_id: ShopId, work: Work) -> str:
    if work.parent is None:
        raise PlatformError("A pool that is over was never opened.", permanent=True)
    ref = connection.open_pool(work.parent)
    _note(tools, shop_id, lambda session, shop: note_parent(session, shop, work.pool_id, ref))
    return ref


def _found(connection: Connection, pool_ref: str, code: str) -> str | None:
    found = connection.pooled_code(pool_ref, code)
    return found.ref if found is not None else None


def _note(tools: Tools, shop_id: ShopId, noting: Callable[[Session, Shop], None]) -> None:
    with tools.database.transaction() as session:
        noting(session, session.get_one(Shop, shop_id))
