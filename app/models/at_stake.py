"""What goes on while a program is paused: codes that are good, and points that expire."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.member import Member
from app.models.redemption import Redemption, RedemptionState


def unused_codes(session: Session, shop_id: ShopId) -> int:
    """How many codes can be used."""
    query = select(func.count()).where(
        Redemption.shop_id == shop_id, Redemption.state == RedemptionState.READY
    )
    return session.scalar(query) or 0


def members_expiring(session: Session, shop_id: ShopId, *, before: datetime) -> int:
    """How many members lose points to time before a moment."""
    query = select(func.count()).where(Member.shop_id == shop_id, Member.next_expiry_at < before)
    return session.scalar(query) or 0
