"""Why somebody adjusted points by hand: kept beside the ledger, so that it can be forgotten."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId
from app.models.merged import merged_into


class AdjustmentNote(Base):
    """The words for one transfer, by its key. The ledger itself is never changed or shortened."""

    __tablename__ = "adjustment_note"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    note: Mapped[str] = mapped_column(String(200))


def notes_of(session: Session, shop_id: ShopId, member_id: UUID) -> dict[str, str]:
    """What was written about a member's adjustments, by the keys of their transfers."""
    return {key: note for (_, key), note in notes_on(session, shop_id, [member_id]).items()}


def notes_on(
    session: Session, shop_id: ShopId, member_ids: Collection[UUID]
) -> dict[tuple[UUID, str], str]:
    """What was written about adjustments of these members, by member and key of the transfer."""
    query = select(AdjustmentNote.member_id, AdjustmentNote.key, AdjustmentNote.note).where(
        AdjustmentNote.shop_id == shop_id, AdjustmentNote.member_id.in_(member_ids)
    )
    return {(one, str(key)): str(note) for one, key, note in session.execute(query)}


def forget_notes(session: Session, shop_id: ShopId, member_ids: Collection[UUID] | None) -> None:
    """Forget what was written about these members and who they were before; None is everybody."""
    statement = delete(AdjustmentNote).where(AdjustmentNote.shop_id == shop_id)
    if member_ids is not None:
        merged, theirs = merged_into(shop_id, member_ids), AdjustmentNote.member_id
        statement = statement.where(theirs.in_(member_ids) | theirs.in_(merged))
    session.execute(statement.execution_options(synchronize_session=False))
