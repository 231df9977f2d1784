"""What changed a member's balance, as their own page shows it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, case, or_, select
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.models.base import Base, ShopId
from app.models.transfer import TransferRow


class Change(NamedTuple):
    """What one transfer changed in what a member can spend, and why."""

    key: str
    occurred_at: datetime
    points: int
    reason: str
    redemption_id: str | None
    note: str


_ITS, _SPENDABLE = Base.metadata.tables[TransferRow.__tablename__].c, Account.AVAILABLE.value
# Each page view asks it; to build a statement takes as long as to carry it out.
_NEWEST = (
    select(
        _ITS.key,
        _ITS.occurred_at,
        case((_ITS.target == _SPENDABLE, _ITS.points), else_=-_ITS.points),
        *(_ITS.reason, _ITS.redemption_id, _ITS.note),
    )
    .where(_ITS.shop_id == bindparam("shop_id"), _ITS.member_id == bindparam("member_id"))
    .where(or_(_ITS.source == _SPENDABLE, _ITS.target == _SPENDABLE))
    .order_by(_ITS.number.desc())
    .limit(bindparam("most"))
)


def newest_changes(
    session: Session, shop_id: ShopId, member_id: UUID, *, limit: int
) -> list[Change]:
    """What changed a member's balance lately, the newest first."""
    given = {"shop_id": shop_id, "member_id": member_id, "most": limit}
    return [Change(*row) for row in session.execute(_NEWEST, given)]
