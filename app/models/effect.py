"""The outbox: what we want of the outside, written in the same transaction as the decision."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.effects import KINDS, Effect
from app.models.base import ID, Base, ShopId, insert_new, new_id
from app.models.queue import Queued, State


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


def effects_page(
    session: Session, shop_id: ShopId, *, state: State | None, limit: int
) -> Sequence[EffectRow]:
    """A shop's effects, the newest first."""
    query = select(EffectRow).where(EffectRow.shop_id == shop_id)
    if state is not None:
        query = query.where(EffectRow.state == state)
    return session.scalars(query.order_by(EffectRow.created_at.desc()).limit(limit)).all()


def effect_figures(session: Session, shop_id: ShopId) -> dict[str, int]:
    """How many effects are in which state."""
    query = (
        select(EffectRow.state, func.count())
        .where(EffectRow.shop_id == shop_id)
        .group_by(EffectRow.state)
    )
    return {state: int(count) for state, count in session.execute(query)}
