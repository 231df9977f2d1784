"""Sign-outs: whose sessions are over, though their cookies are not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, delete, exists, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId
from app.models.rows import insert_new

EVERYBODY = "everybody"
"""Whose sessions are over but one, when somebody signs all others out."""


class SignOut(Base):
    """That all sessions of a name which began by then are over.

    `whose` is the name of a session, or of an author: whoever signed in by it; or everybody.
    """

    __tablename__ = "sign_out"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    whose: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]


def note_sign_out(
    session: Session, shop_id: ShopId, whose: str, *, at: datetime, before: datetime
) -> None:
    """Note that somebody's sessions are over; forgets what was noted `before`, of the shop's.

    Of two who note it at once the later moment stays, whoever of them is written last.
    """
    old = delete(SignOut).where(SignOut.shop_id == shop_id, SignOut.at < before)
    session.execute(old.execution_options(synchronize_session=False))
    insert_new(session, SignOut, [{"shop_id": shop_id, "whose": whose, "at": at}])
    noted = session.get_one(SignOut, (shop_id, whose), with_for_update=True)
    noted.at = max(noted.at, at)


def was_signed_out(
    session: Session,
    shop_id: ShopId,
    names: Sequence[str],
    *,
    since: datetime,
    spared_at: datetime | None,
) -> bool:
    """Whether a session with these names that began then is over.

    `spared_at` is when it signed out all others, if it did.
    """
    theirs = SignOut.shop_id == shop_id, SignOut.whose.in_([*names, EVERYBODY])
    query = exists().where(*theirs, SignOut.at >= since)
    if spared_at is not None:
        query = query.where(or_(SignOut.whose != EVERYBODY, SignOut.at > spared_at))
    return bool(session.scalar(select(query)))


def forget_sign_outs(session: Session, shop_id: ShopId) -> None:
    """Forget who signed out of a shop that is erased."""
    statement = delete(SignOut).where(SignOut.shop_id == shop_id)
    session.execute(statement.execution_options(synchronize_session=False))
