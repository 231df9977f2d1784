"""What changed a member's balance, as their own page shows it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.models.base import ShopId
from app.models.transfer import TransferRow


class Change(NamedTuple):
    """What one transfer changed in what a member can spend, and why."""

    key: str
    occurred_at: datetime
    points: int
    reason: str
    redemption_id: str | None
    note: str


def newest_changes(
    session: Session, shop_id: ShopId, member_id: UUID, *, limit: int
) -> list[Change]:
    """What changed a member's balance lately, the newest first."""
    spendable = Account.AVAILABLE.value
    points = case((TransferRow.target == spendable, TransferRow.points), else_=-TransferRow.points)
    query = (
        select(
            TransferRow.key,
            TransferRow.occurred_at,
            points,
            TransferRow.reason,
            TransferRow.redemption_id,
            TransferRow.note,
        )
        .where(TransferRow.shop_id == shop_id, TransferRow.member_id == member_id)
        .where(or_(TransferRow.source == spendable, TransferRow.target == spendable))
        .order_by(TransferRow.number.desc())
        .limit(limit)
    )
    return [Change(*row) for row in session.execute(query)]
