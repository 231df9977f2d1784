"""Sign-ins: which sessions there are, so that their people see them and can end one.

A session is its cookie; a row here is only what is told of it, and opens nothing by itself.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId, put


class SignIn(Base):
    """One session: whose it is, when it began, and when it was last used, to a few minutes.

    `name` is the name by which a session is signed out; `browser` is empty for an unknown one.
    """

    __tablename__ = "sign_in"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    author: Mapped[str] = mapped_column(String(100))
    browser: Mapped[str] = mapped_column(String(40))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


def note_use(
    session: Session,
    shop_id: ShopId,
    name: str,
    *,
    author: str,
    browser: str,
    began_at: datetime,
    at: datetime,
    before: datetime,
) -> None:
    """Note that a session is in use; with a new one, forget those that began `before`."""
    if session.get(SignIn, (shop_id, name)) is None:
        _forget(session, shop_id, SignIn.began_at < before)
    row = {"shop_id": shop_id, "name": name, "author": author, "browser": browser}
    put(session, SignIn, row | {"began_at": began_at, "seen_at": at})


def sign_ins(
    session: Session, shop_id: ShopId, *, began_since: datetime, seen_since: datetime, limit: int
) -> Sequence[SignIn]:
    """The sessions of a shop that began and were used since then, the last used first."""
    query = select(SignIn).where(SignIn.shop_id == shop_id)
    query = query.where(SignIn.began_at >= began_since, SignIn.seen_at > seen_since)
    return session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.name).limit(limit)).all()


def forget_sign_in(session: Session, shop_id: ShopId, name: str) -> None:
    """Forget a session that is over."""
    _forget(session, shop_id, SignIn.name == name)


def forget_sign_ins_of(session: Session, shop_id: ShopId, author: str) -> None:
    """Forget all sessions of somebody, which are over."""
    _forget(session, shop_id, SignIn.author == author)


def forget_sign_ins(session: Session, shop_id: ShopId, *, but: str | None = None) -> None:
    """Forget all sessions of a shop, or all but one."""
    _forget(session, shop_id, *([SignIn.name != but] if but is not None else []))


def _forget(session: Session, shop_id: ShopId, *which: ColumnElement[bool]) -> None:
    statement = delete(SignIn).where(SignIn.shop_id == shop_id, *which)
    session.execute(statement.execution_options(synchronize_session=False))
