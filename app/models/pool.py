"""Codes that are made ahead: the pools they hang in, and how far each code is."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId


class PoolCodeState(StrEnum):
    """How far a code of a pool is."""

    MAKING = "making"
    """Written down before the platform is asked for it, so that none is lost or made twice."""
    READY = "ready"
    TAKEN = "taken"
    GONE = "gone"
    """The platform would not have it, or its pool is over."""


class Pool(Base):
    """One parent discount on the platform, for one reward with one set of terms."""

    __tablename__ = "pool"
    __table_args__ = (UniqueConstraint("shop_id", "reward_code", "terms"),)

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    reward_code: Mapped[str] = mapped_column(String(40))
    terms: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    made: Mapped[int] = mapped_column(default=0)
    """How many codes were ever planned: the number of the last one."""
    ref: Mapped[str | None] = mapped_column(String(100), default=None)
    """The parent's id on the platform."""
    adding_ref: Mapped[str | None] = mapped_column(String(100), default=None)
    """The platform's id of the adding that is under way."""
    adding_since: Mapped[datetime | None] = mapped_column(default=None)


class PoolCode(Base):
    """One code of a pool."""

    __tablename__ = "pool_code"
    __table_args__ = (Index("ix_pool_code_state", "shop_id", "pool_id", "state", "number"),)

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    pool_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    ref: Mapped[str | None] = mapped_column(String(100), default=None)
    """Its id on the platform."""


def pool_with(session: Session, shop_id: ShopId, reward_code: str, terms: str) -> Pool | None:
    """The pool of a reward with these terms; None when there is none."""
    query = select(Pool).where(
        Pool.shop_id == shop_id, Pool.reward_code == reward_code, Pool.terms == terms
    )
    return session.scalars(query).one_or_none()


def pools_of(session: Session, shop_id: ShopId) -> list[Pool]:
    """All pools of a shop, the oldest first."""
    query = select(Pool).where(Pool.shop_id == shop_id).order_by(Pool.created_at, Pool.id)
    return list(session.scalars(query))


def count_codes(session: Session, pool: Pool) -> Mapping[str, int]:
    """How many codes of a pool are in which state."""
    query = (
        select(PoolCode.state, func.count())
        .where(PoolCode.shop_id == pool.shop_id, PoolCode.pool_id == pool.id)
        .group_by(PoolCode.state)
    )
    return {state: int(count) for state, count in session.execute(query)}


def codes_in(
    session: Session, pool: Pool, state: PoolCodeState, *, limit: int = 250
) -> list[PoolCode]:
    """Codes of a pool that are in a state, the first made first."""
    query = (
        select(PoolCode)
        .where(
            PoolCode.shop_id == pool.shop_id,
            PoolCode.pool_id == pool.id,
            PoolCode.state == state,
        )
        .order_by(PoolCode.number)
        .limit(limit)
    )
    return list(session.scalars(query))


def codes_to_remove(session: Session, pool: Pool, *, limit: int = 250) -> list[PoolCode]:
    """Codes that are gone for us and still on the platform."""
    query = (
        select(PoolCode)
        .where(
            PoolCode.shop_id == pool.shop_id,
            PoolCode.pool_id == pool.id,
            PoolCode.state == PoolCodeState.GONE,
            PoolCode.ref.is_not(None),
        )
        .order_by(PoolCode.number)
        .limit(limit)
    )
    return list(session.scalars(query))


def take_code(session: Session, pool: Pool) -> str | None:
    """A code that is ours to hand out from now on; None when the pool is empty.

    Whoever else takes one at the same moment passes over ours. The state is asked for once more in
    the update, so that of two only one gets it on a database without row locks, too.
    """
    query = (
        select(PoolCode.code)
        .where(
            PoolCode.shop_id == pool.shop_id,
            PoolCode.pool_id == pool.id,
            PoolCode.state == PoolCodeState.READY,
        )
        .order_by(PoolCode.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    code = session.scalar(query)
    if code is None or not _move(session, pool, PoolCode.code == code, PoolCodeState.TAKEN):
        return None
    return code


def give_up_codes(session: Session, pool: Pool) -> None:
    """Take the codes that nobody holds out of the pool, so that nobody gets one any more."""
    _move(session, pool, PoolCode.code.is_not(None), PoolCodeState.GONE)


def forget_codes(session: Session, pool: Pool) -> None:
    """Write off every code that nobody holds: there is nothing left of them to delete."""
    session.execute(
        update(PoolCode)
        .where(
            PoolCode.shop_id == pool.shop_id,
            PoolCode.pool_id == pool.id,
            PoolCode.state != PoolCodeState.TAKEN,
        )
        .values(state=PoolCodeState.GONE, ref=None)
        .execution_options(synchronize_session="fetch")
    )


def _move(
    session: Session, pool: Pool, which: ColumnElement[bool], after: PoolCodeState
) -> list[str]:
    """Bring codes that are ready to another state; returns those that were."""
    statement = (
        update(PoolCode)
        .where(
            PoolCode.shop_id == pool.shop_id,
            PoolCode.pool_id == pool.id,
            PoolCode.state == PoolCodeState.READY,
            which,
        )
        .values(state=after)
        .returning(PoolCode.code)
    )
    return list(session.scalars(statement))
