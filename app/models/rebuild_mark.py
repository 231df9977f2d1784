"""How far a shop that is being rebuilt has come, so that a rebuild that was killed goes on."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, Document, ShopId
from app.models.queue import ALL_SHOPS
from app.models.shop import Shop, ShopState


class RebuildMark(Base):
    """Up to where the journal of another place was replayed here; it is gone when all was."""

    __tablename__ = "rebuild_mark"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)
    """The number of the last fact that was replayed."""
    facts: Mapped[int] = mapped_column(default=0)
    """How many there were up to that one."""
    names_gone: Mapped[int] = mapped_column(default=0)
    """How many names of theirs had been taken out of the journal."""
    waiting: Mapped[Document]
    """What was told by them and has not been come to yet."""


def whole_shops(session: Session) -> list[ShopId]:
    """The shops with which time may do something: neither erased nor still being rebuilt."""
    query = (
        select(Shop.id)
        .outerjoin(RebuildMark, RebuildMark.shop_id == Shop.id)
        .where(Shop.state != ShopState.ERASED, RebuildMark.shop_id.is_(None))
        .order_by(Shop.id)
    )
    return list(session.scalars(query.execution_options(**ALL_SHOPS)))
