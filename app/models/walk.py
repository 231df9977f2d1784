"""Walks: how far comparing a shop with its platform is, or counting its past, and what came of it.

A row is begun with the first step and moved on with each. So a page can show a walk while it goes
on, and whoever takes it up after a kill goes on from its place.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.effects import CountPast, FetchHistory
from app.models.base import ID, Base, ShopId, new_id

_OPEN = "ended_at IS NULL"
MOST_NAMED = 10


class WalkKind(StrEnum):
    """What is walked through."""

    ORDERS = "orders"
    """Orders that changed on the platform."""
    CUSTOMERS = "customers"
    CODES = "codes"
    """Discount codes, there and here."""
    HISTORY = "history"
    """Orders from before we were installed."""
    PAST = "past"
    """Orders from before the program was live, as they get their points."""


REGULAR = (WalkKind.ORDERS, WalkKind.CUSTOMERS, WalkKind.CODES)
"""What is compared with the platform again and again."""


WISHED: Mapping[WalkKind, type[FetchHistory | CountPast]] = {
    WalkKind.HISTORY: FetchHistory,
    WalkKind.PAST: CountPast,
}
"""What is walked because a merchant wishes it, and the effect that goes on with it."""


class Walk(Base):
    """One walk. Of each kind a shop has one at a time; those that ended stay to be looked up."""

    __tablename__ = "walk"
    __table_args__ = (
        Index(
            "uq_walk_open",
            "shop_id",
            "kind",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_walk_begun", "shop_id", "kind", "begun_at"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime | None] = mapped_column(default=None)
    """From when on it looks; None for a walk that goes on from the shop's mark."""
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    reached: Mapped[datetime | None] = mapped_column(default=None)
    """How far it is, by the times of what it walks through."""
    place: Mapped[str] = mapped_column(String(64), default="")
    """Which one it passed last of those of that moment."""
    checked: Mapped[int] = mapped_column(default=0)
    differences: Mapped[int] = mapped_column(default=0)
    """Of those checked, how many were not as they should be."""
    points: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int | None] = mapped_column(default=None)
    """How many there are to check; None where the platform does not say."""
    strays: Mapped[int] = mapped_column(default=0)
    """Codes of ours on the platform that we know nothing of."""
    named: Mapped[str] = mapped_column(String(500), default="")
    """The first of them."""
    error: Mapped[str | None] = mapped_column(String(500), default=None)

    @property
    def is_quiet(self) -> bool:
        """Whether it has nothing to tell but that all was well."""
        return not (self.differences or self.strays or self.error)


def open_walk(session: Session, shop_id: ShopId, kind: WalkKind) -> Walk | None:
    """The walk of a kind that goes on now, ours until the commit; None when none does."""
    query = select(Walk).where(Walk.shop_id == shop_id, Walk.kind == kind, Walk.ended_at.is_(None))
    return session.scalars(query.with_for_update()).one_or_none()


def begin_walk(
    session: Session,
    shop_id: ShopId,
    kind: WalkKind,
    *,
    since: datetime | None = None,
    expected: int | None = None,
    at: datetime,
) -> Walk:
    """The walk of a kind that goes on now, begun when there is none."""
    walk = open_walk(session, shop_id, kind)
    if walk is None:
        walk = Walk(
            shop_id=shop_id,
            id=new_id(),
            kind=kind,
            since=since,
            begun_at=at,
            expected=expected,
            place="",
            checked=0,
            differences=0,
            points=0,
            strays=0,
            named="",
        )
        session.add(walk)
        session.flush()
    return walk


def take_up(session: Session, shop_id: ShopId, kind: WalkKind) -> Walk | None:
    """The walk of a kind that goes on now; one that was given up is opened again.

    Whoever tries its effect again wants it to go on from its place.
    """
    walk = open_walk(session, shop_id, kind)
    if walk is None:
        last = newest_walk(session, shop_id, kind)
        if last is not None and last.error is not None:
            last.ended_at = last.error = None
            session.flush()
            return last
    return walk


def begin_history(session: Session, shop_id: ShopId, since: datetime, *, at: datetime) -> Walk:
    """The walk that brings in orders since a moment; one that goes on already is joined.

    It begins anew from a moment before its own, and goes on from its place for a later one: what
    changed since it passed is still before it.
    """
    walk = begin_walk(session, shop_id, WalkKind.HISTORY, since=since, at=at)
    if walk.since is None or since < walk.since:
        walk.since, walk.reached, walk.place, walk.checked = since, None, "", 0
    return walk


def step_of(
    session: Session,
    begun: Walk,
    *,
    checked: int,
    differences: int = 0,
    reached: datetime | None = None,
) -> None:
    """Count what a walk has just done; nothing, when it was closed or begun anew meanwhile."""
    walk = _still(session, begun)
    if walk is not None:
        walk.checked += checked
        walk.differences += differences
        walk.reached = reached or walk.reached


def _still(session: Session, begun: Walk) -> Walk | None:
    """A walk as it stands, if it still is the one that somebody began with."""
    walk = open_walk(session, begun.shop_id, WalkKind(begun.kind))
    is_same = walk is not None and (walk.id, walk.since) == (begun.id, begun.since)
    return walk if is_same else None


def end_walk(session: Session, begun: Walk, *, at: datetime, error: str | None = None) -> None:
    """Close a walk, for good or with the reason why it did not get to its end.

    Nothing, when it was closed or begun anew meanwhile. Of regular walks that had nothing to tell
    only the newest is kept.
    """
    walk = _still(session, begun)
    if walk is None:
        return
    walk.ended_at = at
    walk.error = error[:500] if error else None
    if walk.is_quiet and walk.kind in REGULAR:
        session.execute(
            delete(Walk)
            .where(
                Walk.shop_id == walk.shop_id,
                Walk.kind == walk.kind,
                Walk.id != walk.id,
                Walk.differences == 0,
                Walk.strays == 0,
                Walk.error.is_(None),
            )
            .execution_options(synchronize_session=False)
        )


def note_strays(session: Session, shop_id: ShopId, codes: Sequence[str]) -> None:
    """Note codes of ours on the platform that are in none of our books; the first are named."""
    walk = open_walk(session, shop_id, WalkKind.CODES)
    if walk is not None:
        walk.strays = len(codes)
        walk.named = ", ".join(codes[:MOST_NAMED])


def newest_walk(session: Session, shop_id: ShopId, kind: WalkKind) -> Walk | None:
    """The walk of a kind that was begun last."""
    return next(iter(newest_walks(session, shop_id, kind, limit=1)), None)


def newest_walks(
    session: Session, shop_id: ShopId, kind: WalkKind, *, limit: int
) -> Sequence[Walk]:
    """Walks of a kind, the newest first."""
    query = select(Walk).where(Walk.shop_id == shop_id, Walk.kind == kind)
    return session.scalars(query.order_by(Walk.begun_at.desc()).limit(limit)).all()
