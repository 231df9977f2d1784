"""Every rise and fall of a member, kept so that a tier can be explained."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import ID, Base, ShopId, new_id


class TierChange(Base):
    """A member went from one tier to another; `measured` is what they measured then."""

    __tablename__ = "tier_change"
    __table_args__ = (Index("ix_tier_change_at", "shop_id", "at"),)

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    old_tier: Mapped[str | None] = mapped_column(String(40))
    new_tier: Mapped[str | None] = mapped_column(String(40))
    measured: Mapped[int]
