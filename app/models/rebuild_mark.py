"""How far a shop that is being rebuilt has come, so that a rebuild that was killed goes on."""

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import ID, Base, Document, ShopId


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
