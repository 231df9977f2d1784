"""Sign-outs: whose sessions are over, though their cookies are not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId, insert_new


class SignOut(Base):
    """That all sessions of a name which began by then are over.

    `whose` is the name of a session, or of an author: whoever signed in by it.
    """

    __tablename__ = "sign_out"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    whose: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]


def note_sign_out(
    session: Session, shop_id: ShopId, whose: str, *, at: datetime, before: datetime
) -> None:
    """Note that somebody's sessions are over; forgets what was noted `before`, of the shop's."""
    old = delete(SignOut).where(SignOut.shop_id == shop_id, SignOut.at < before)
    session.execute(old.execution_options(synchronize_session=False))
    insert_new(session, SignOut, [{"shop_id": shop_id, "whose": whose, "at": at}])
    session.get_one(SignOut, (shop_id, whose)).at = at


def was_signed_out(
    session: Session, shop_id: ShopId, names: Sequence[str], *, since: datetime
) -> bool:
    """Whether a session with these names that began then is over."""
    of_theirs = SignOut.shop_id == shop_id, SignOut.whose.in_(names), SignOut.at >= since
    return bool(session.scalar(select(exists().where(*of_theirs))))


def forget_sign_outs(session: Session, shop_id: ShopId) -> None:
    """Forget who signed out of a shop that is erased."""
    statement = delete(SignOut).where(SignOut.shop_id == shop_id)
    session.execute(statement.execution_options(synchronize_session=False))
