"""Lists of members, as a merchant leafs through them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.member import Member


def members_page(
    session: Session, shop_id: ShopId, *, before: UUID | None, limit: int
) -> list[Member]:
    """Members, newest first, that came before another; ids are made in the order of time."""
    query = select(Member).where(Member.shop_id == shop_id)
    if before is not None:
        query = query.where(Member.id < before)
    return list(session.scalars(query.order_by(Member.id.desc()).limit(limit)))


def members_with_email(session: Session, shop_id: ShopId, email_hash: str) -> list[Member]:
    """Everybody who goes by a keyed hash: the customer, and the guest they may have been."""
    query = select(Member).where(Member.shop_id == shop_id, Member.email_hash == email_hash)
    return list(session.scalars(query.order_by(Member.id.desc())))
