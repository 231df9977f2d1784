"""The outbox: what we want of the outside, written in the same transaction as the decision."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Select, String, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.effects import KINDS, Effect
from app.models.base import ID, Base, ShopId, new_id
from app.models.queue import ALL_SHOPS, OPEN, Queued, State, by_state, of_shop_in
from app.models.rows import insert_new


class EffectRow(Queued, Base):
    """One effect that waits, was performed, or was given up. Equal ones that wait are one."""

    __tablename__ = "effect"
    __table_args__ = (
        Index("ix_effect_due", "state", "run_at"),
        Index("ix_effect_created", "shop_id", "created_at"),
        Index(
            "uq_effect_waiting",
            "shop_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    @property
    def effect(self) -> Effect:
        """The row as the value that the worker performs."""
        return KINDS[self.kind].about(self.subject)


def queue(session: Session, shop_id: ShopId, effects: Sequence[Effect], *, at: datetime) -> None:
    """Have effects performed after the commit. One that waits already is not queued again."""
    rows = [
        {
            "shop_id": shop_id,
            "id": new_id(),
            "kind": type(effect).__name__,
            "subject": effect.subject,
            "created_at": at,
            "state": State.WAITING,
            "attempts": 0,
            "run_at": at,
        }
        for effect in effects
    ]
    insert_new(session, EffectRow, rows)


def is_open(session: Session, shop_id: ShopId, effect: Effect) -> bool:
    """Whether an equal effect waits or is being tried."""
    query = _equal_to(shop_id, effect).where(EffectRow.state.in_(OPEN))
    return session.scalars(query.limit(1)).first() is not None


def is_given_up(
    session: Session, shop_id: ShopId, effect: Effect, *, since: datetime | None = None
) -> bool:
    """Whether an equal effect has failed for good, and waits for somebody to replay it.

    With `since`, only one that was queued at or after that moment counts.
    """
    query = _equal_to(shop_id, effect).where(EffectRow.state == State.DEAD)
    if since is not None:
        query = query.where(EffectRow.created_at >= since)
    return session.scalars(query.limit(1)).first() is not None


def close_given_up(session: Session, shop_id: ShopId, subject: str, *, at: datetime) -> None:
    """Count what was given up about a subject as done: it was seen to in another way."""
    rows = update(EffectRow).where(
        by_state(EffectRow, shop_id), EffectRow.state == State.DEAD, EffectRow.subject == subject
    )
    session.execute(
        rows.values(state=State.DONE, finished_at=at, error=None).execution_options(
            synchronize_session="fetch"
        )
    )


def _equal_to(shop_id: ShopId, effect: Effect) -> Select[UUID]:
    return select(EffectRow.id).where(
        EffectRow.shop_id == shop_id,
        EffectRow.kind == type(effect).__name__,
        EffectRow.subject == effect.subject,
    )


def shops_due(
    session: Session, *, now: datetime, only: Sequence[ColumnElement[bool]], limit: int
) -> list[ShopId]:
    """Shops with effects that are due, who has waited longest first."""
    query = (
        select(EffectRow.shop_id)
        .where(EffectRow.state.in_(OPEN), EffectRow.run_at <= now, *only)
        .group_by(EffectRow.shop_id)
        .order_by(func.min(EffectRow.run_at))
        .limit(limit)
    )
    return list(session.scalars(query.execution_options(**ALL_SHOPS)))


def hurry(session: Session, shop_id: ShopId, *, at: datetime) -> None:
    """Have everything that waits for a shop tried at once: it has let us in again."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.shop_id == shop_id, EffectRow.state.in_(OPEN), EffectRow.run_at > at)
        .values(run_at=at)
        .execution_options(synchronize_session="fetch")
    )


def effects_page(
    session: Session, shop_id: ShopId, *, state: State | None, limit: int
) -> Sequence[EffectRow]:
    """A shop's effects, the newest first."""
    query = select(EffectRow).where(of_shop_in(EffectRow, shop_id, state))
    if state is not None:
        query = query.where(EffectRow.state == state)
    return session.scalars(query.order_by(EffectRow.created_at.desc()).limit(limit)).all()
