"""Colleagues: the people of a shop who have used its admin, by what the platform tells of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId
from app.models.rows import insert_new

NOTED_AGAIN_AFTER = timedelta(minutes=5)
"""Looking at pages writes so seldom, so that it costs next to nothing."""


class Colleague(Base):
    """Somebody who signed in: by the author's name under which their changes are recorded."""

    __tablename__ = "colleague"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(100), primary_key=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


def was_seen_lately(session: Session, shop_id: ShopId, author: str, *, at: datetime) -> bool:
    """Whether somebody's visit need not be noted again."""
    known = session.get(Colleague, (shop_id, author))
    return known is not None and at - known.last_seen_at < NOTED_AGAIN_AFTER


def note_visit(session: Session, shop_id: ShopId, author: str, *, at: datetime) -> None:
    """Note that somebody is here now; of several at once, all are the same visit."""
    row = {"shop_id": shop_id, "author": author, "first_seen_at": at, "last_seen_at": at}
    insert_new(session, Colleague, [row])
    session.get_one(Colleague, (shop_id, author)).last_seen_at = at


def colleagues(session: Session, shop_id: ShopId, *, limit: int) -> Sequence[Colleague]:
    """Who has used the admin, the last one first."""
    query = select(Colleague).where(Colleague.shop_id == shop_id)
    return session.scalars(query.order_by(Colleague.last_seen_at.desc()).limit(limit)).all()


def forget_colleagues(session: Session, shop_id: ShopId) -> None:
    """Forget who worked for a shop that is erased."""
    statement = delete(Colleague).where(Colleague.shop_id == shop_id)
    session.execute(statement.execution_options(synchronize_session=False))
