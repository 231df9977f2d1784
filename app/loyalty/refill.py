"""Refill the pools of codes that are made ahead, and hand out a code from one.

Every code is written down before the platform is asked for it, and follows from its number. So
after a crash the same codes are asked for again, and those that exist already are found to be ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.effects import RefillPool
from app.domain.issued import Discount, Letters, pool_discount, pool_terms, pooled_code
from app.domain.program import Program
from app.domain.rewards import Reward
from app.models.base import new_id
from app.models.effect import queue
from app.models.pool import (
    Pool,
    PoolCode,
    PoolCodeState,
    codes_in,
    codes_to_remove,
    count_codes,
    give_up_codes,
    pool_with,
    pools_of,
    take_code,
)
from app.models.program import Programs
from app.models.rows import insert_new
from app.models.shop import Shop

BATCH = 100
"""Codes that are made at once."""
LOW_WATER = 50
"""With fewer codes than this at hand, more are made."""
ADDING_LASTS = timedelta(minutes=30)
"""An adding that has not ended by now never will: it is asked for again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a pool gave: nothing when it is empty, and whether it is time to refill it."""

    code: str | None = None
    pool_id: UUID | None = None
    runs_low: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done on the platform for one pool, one step at a time."""

    pool_id: UUID
    ref: str | None
    parent: Discount | None = None
    """The discount that the codes hang under; None for a pool that is over."""
    adding_ref: str | None = None
    missing: tuple[str, ...] = ()
    """Codes that were written down and are not known to exist."""
    over: tuple[str, ...] = ()
    """The platform's ids of codes that nobody holds and nobody shall get."""

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do but to see that all is well."""
        return not self.missing and not self.over


def take(session: Session, shop: Shop, reward: Reward, currency: str) -> Taken:
    """A code that was made ahead for a reward as it is now, handed out for good."""
    pool = pool_with(session, shop.id, reward.code, pool_terms(reward, currency))
    code = take_code(session, pool) if pool is not None else None
    if pool is None or code is None:
        return Taken(runs_low=True)
    left = count_codes(session, pool).get(PoolCodeState.READY, 0)
    return Taken(code, pool.id, runs_low=left < LOW_WATER)


def queue_checks(session: Session, shop: Shop, *, at: datetime) -> None:
    """Have all pools in use looked after: somebody may have deleted one on the platform."""
    program = Programs(session, shop.id).at(at)
    if program.live:
        queue(session, shop.id, [RefillPool(code) for code in sorted(_wanted(program))], at=at)


def queue_refills(session: Session, shop: Shop, *, at: datetime) -> int:
    """Have the pools looked after that need it; returns how many rewards those are of."""
    program = Programs(session, shop.id).at(at)
    wanted = _wanted(program)
    due = {code for code in wanted if program.live}
    for pool in pools_of(session, shop.id):
        counts = count_codes(session, pool)
        ready, making = counts.get(PoolCodeState.READY, 0), counts.get(PoolCodeState.MAKING, 0)
        is_current = pool.terms == wanted.get(pool.reward_code)
        if is_current and ready >= LOW_WATER and not making:
            due.discard(pool.reward_code)
        elif not is_current and (ready + making or codes_to_remove(session, pool, limit=1)):
            due.add(pool.reward_code)
    queue(session, shop.id, [RefillPool(code) for code in sorted(due)], at=at)
    return len(due)


def plan_refill(
    session: Session, shop: Shop, reward_code: str, letters: Letters, *, at: datetime
) -> list[Work]:
    """Write down what the pools of a reward lack, and say what is to be done for each.

    A pool whose reward has changed is over: what of it was handed out stays good. Where there is
    nothing to do, the current pool is named, to be looked at.
    """
    program = Programs(session, shop.id).at(at)
    reward = program.reward(reward_code)
    terms = _wanted(program).get(reward_code)
    pools = [pool for pool in pools_of(session, shop.id) if pool.reward_code == reward_code]
    work = [_wind_up(session, pool) for pool in pools if pool.terms != terms]
    if reward is not None and terms is not None:
        pool = next((one for one in pools if one.terms == terms), None)
        pool = pool or _new_pool(session, shop, reward_code, terms, at)
        if program.live:
            _plan_codes(session, shop, pool, letters, at)
        first = pooled_code(letters, shop.domain, pool.id, 0)
        parent = pool_discount(reward, program.currency, code=first, starts_at=pool.created_at)
        work.append(_work(session, pool, parent))
    to_do = [one for one in work if one.missing or one.over]
    return to_do or [one for one in work if one.parent is not None and one.ref is not None]


def note_parent(session: Session, shop: Shop, pool_id: UUID, ref: str) -> None:
    """The platform has the pool's parent."""
    session.get_one(Pool, (shop.id, pool_id)).ref = ref


def note_adding(session: Session, shop: Shop, pool_id: UUID, ref: str, *, at: datetime) -> None:
    """The platform has begun to add codes."""
    pool = session.get_one(Pool, (shop.id, pool_id))
    pool.adding_ref, pool.adding_since = ref, at


def note_added(session: Session, shop: Shop, pool_id: UUID, refs: Mapping[str, str | None]) -> None:
    """The platform has ended adding: each code with its id there, None for one it has not."""
    pool = session.get_one(Pool, (shop.id, pool_id))
    pool.adding_ref = pool.adding_since = None
    for row in codes_in(session, pool, PoolCodeState.MAKING):
        if row.code in refs:
            row.ref = refs[row.code]
            row.state = PoolCodeState.READY if row.ref else PoolCodeState.GONE


def note_removed(session: Session, shop: Shop, pool_id: UUID, refs: Collection[str]) -> None:
    """The platform has been told to delete these codes."""
    pool = session.get_one(Pool, (shop.id, pool_id))
    for row in codes_to_remove(session, pool):
        if row.ref in refs:
            row.ref = None


def _wanted(program: Program) -> dict[str, str]:
    """The rewards whose codes are made ahead, each with its terms."""
    return {
        reward.code: pool_terms(reward, program.currency)
        for reward in program.rewards
        if reward.pooled
    }


def _new_pool(session: Session, shop: Shop, reward_code: str, terms: str, at: datetime) -> Pool:
    facts = {"reward_code": reward_code, "terms": terms, "created_at": at, "made": 0}
    insert_new(session, Pool, [{"shop_id": shop.id, "id": new_id()} | facts])
    pool = pool_with(session, shop.id, reward_code, terms)
    assert pool is not None, "Whoever came first has made it."
    return pool


def _plan_codes(session: Session, shop: Shop, pool: Pool, letters: Letters, at: datetime) -> None:
    counts = count_codes(session, pool)
    if pool.adding_since is not None and pool.adding_since + ADDING_LASTS <= at:
        pool.adding_ref = pool.adding_since = None
    if counts.get(PoolCodeState.MAKING) or counts.get(PoolCodeState.READY, 0) >= LOW_WATER:
        return
    numbers = range(pool.made + 1, pool.made + BATCH + 1)
    insert_new(
        session,
        PoolCode,
        [
            {
                "shop_id": shop.id,
                "code": pooled_code(letters, shop.domain, pool.id, number),
                "pool_id": pool.id,
                "number": number,
                "state": PoolCodeState.MAKING,
            }
            for number in numbers
        ],
    )
    pool.made = numbers[-1]
    session.flush()


def _wind_up(session: Session, pool: Pool) -> Work:
    """What is left to do for a pool that is over.

    Codes are out of our hands before the platform deletes them, so that nobody can buy one that is
    about to end. Codes of a pool whose parent was never made were never asked for.
    """
    give_up_codes(session, pool)
    if pool.ref is None:
        for row in codes_in(session, pool, PoolCodeState.MAKING):
            row.state = PoolCodeState.GONE
        session.flush()
    return _work(session, pool, None)


def _work(session: Session, pool: Pool, parent: Discount | None) -> Work:
    missing = codes_in(session, pool, PoolCodeState.MAKING)
    over = [row.ref for row in codes_to_remove(session, pool) if row.ref]
    codes = tuple(row.code for row in missing)
    return Work(pool.id, pool.ref, parent, pool.adding_ref, codes, tuple(over))
