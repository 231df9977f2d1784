"""Redemptions as a crowd: how many are in which state, the newest, and those out of step."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.trying_again import next_try_at
from app.models.base import ShopId
from app.models.effect import EffectRow
from app.models.member import Member
from app.models.pool import Pool, PoolCode, PoolCodeState
from app.models.queue import State
from app.models.redemption import Redemption, RedemptionState

ABOUT_CODES = ("IssueDiscount", "KillDiscount", "GiveReward", "TakeBack")
"""The effects whose subject is a redemption."""


def redemption_counts(session: Session, shop_id: ShopId) -> dict[tuple[str, str], int]:
    """How many redemptions there are of each reward, in each state."""
    query = (
        select(Redemption.reward_code, Redemption.state, func.count())
        .where(Redemption.shop_id == shop_id)
        .group_by(Redemption.reward_code, Redemption.state)
    )
    return {(reward, state): int(count) for reward, state, count in session.execute(query)}


def redemptions_by_id(
    session: Session, shop_id: ShopId, ids: Collection[UUID]
) -> dict[UUID, Redemption]:
    """The redemptions with these ids."""
    query = select(Redemption).where(Redemption.shop_id == shop_id, Redemption.id.in_(ids))
    return {redemption.id: redemption for redemption in session.scalars(query)}


def redemptions_page(
    session: Session, shop_id: ShopId, states: Collection[str], *, limit: int
) -> list[Redemption]:
    """The newest redemptions in some states; in any, without one. Ids are made in time's order."""
    query = select(Redemption).where(Redemption.shop_id == shop_id)
    if states:
        query = query.where(Redemption.state.in_(states))
    return list(session.scalars(query.order_by(Redemption.id.desc()).limit(limit)))


def count_owed(session: Session, shop_id: ShopId) -> int:
    """How many rewards tiers have promised to customers that the platform would not make."""
    return session.scalar(_owed(select(func.count()).select_from(Redemption), shop_id)) or 0


@dataclass(frozen=True, slots=True)
class Owed:
    """What a tier has promised, and how often the platform was asked for it."""

    redemption: Redemption
    tries: int

    @property
    def next_try_at(self) -> datetime | None:
        """When it is given again by itself; None once that was tried often enough."""
        return next_try_at(self.tries, self.redemption.created_at)


def owed_rewards(
    session: Session, shop_id: ShopId, among: Collection[UUID] | None = None
) -> list[Owed]:
    """All that is owed, or what of some redemptions is; each try left a redemption of its own."""
    tried = aliased(Redemption)
    tries = (
        select(func.count())
        .where(
            tried.shop_id == shop_id,
            tried.entry_order_id == Redemption.entry_order_id,
            tried.entry_tier == Redemption.entry_tier,
        )
        .scalar_subquery()
    )
    query = _owed(select(Redemption, tries), shop_id)
    if among is not None:
        query = query.where(Redemption.id.in_(among))
    return [Owed(redemption, count) for redemption, count in session.execute(query)]


def _owed(query: Select[Any], shop_id: ShopId) -> Select[Any]:
    """Of redemptions those that are owed to a customer."""
    theirs = and_(Member.shop_id == Redemption.shop_id, Member.id == Redemption.member_id)
    return query.join(Member, theirs).where(
        Redemption.shop_id == shop_id,
        Redemption.state == RedemptionState.FAILED,
        Redemption.entry_tier.is_not(None),
        Member.customer_id.is_not(None),
    )


@dataclass(frozen=True, slots=True)
class OutOfStep:
    """A redemption that we could not bring the platform in step with, and why."""

    redemption: Redemption
    kind: str
    error: str
    at: datetime


def out_of_step(session: Session, shop_id: ShopId, *, limit: int) -> list[OutOfStep]:
    """Redemptions whose newest task on the platform was given up, the newest first."""
    query = (
        select(EffectRow)
        .where(EffectRow.shop_id == shop_id, EffectRow.state == State.DEAD)
        .where(EffectRow.kind.in_(ABOUT_CODES))
        .order_by(EffectRow.created_at.desc())
        .limit(limit)
    )
    dead = list(session.scalars(query))
    known = redemptions_by_id(session, shop_id, [UUID(one.subject) for one in dead])
    return [
        OutOfStep(redemption, one.kind, one.error or "", one.created_at)
        for one in dead
        if (redemption := known.get(UUID(one.subject))) is not None
    ]


@dataclass(frozen=True, slots=True)
class PoolLevel:
    """One pool: codes being made, at hand, handed out, and dead here but still on the platform."""

    reward_code: str
    created_at: datetime
    making: int
    ready: int
    taken: int
    to_remove: int


def pool_levels(session: Session, shop_id: ShopId) -> list[PoolLevel]:
    """How full each pool is, the newest first."""
    still_there = PoolCode.ref.is_not(None)
    query = (
        select(PoolCode.pool_id, PoolCode.state, still_there, func.count())
        .where(PoolCode.shop_id == shop_id)
        .group_by(PoolCode.pool_id, PoolCode.state, still_there)
    )
    counts: dict[tuple[UUID, str, bool], int] = {
        (pool_id, state, bool(there)): int(count)
        for pool_id, state, there, count in session.execute(query)
    }

    def count(pool: Pool, state: PoolCodeState) -> int:
        return sum(counts.get((pool.id, state.value, there), 0) for there in (True, False))

    pools = select(Pool).where(Pool.shop_id == shop_id).order_by(Pool.id.desc())
    return [
        PoolLevel(
            reward_code=pool.reward_code,
            created_at=pool.created_at,
            making=count(pool, PoolCodeState.MAKING),
            ready=count(pool, PoolCodeState.READY),
            taken=count(pool, PoolCodeState.TAKEN),
            to_remove=counts.get((pool.id, PoolCodeState.GONE.value, True), 0),
        )
        for pool in session.scalars(pools)
    ]
