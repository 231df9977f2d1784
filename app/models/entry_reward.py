"""The rewards that members got for reaching a tier, free of points."""

from collections.abc import Collection
from hashlib import sha256
from operator import attrgetter
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.issued import written
from app.models.among import among
from app.models.base import ShopId
from app.models.redemption import Redemption
from app.vault import letters_of


def entry_rewards(
    session: Session,
    shop_id: ShopId,
    *,
    order_ids: Collection[str] = (),
    member_ids: Collection[UUID] = (),
) -> list[Redemption]:
    """What was given for tiers that these orders led to, or to these members, oldest first."""
    led = among(Redemption.entry_order_id, order_ids)
    theirs = among(Redemption.member_id, member_ids) & Redemption.entry_tier.is_not(None)
    query = (
        select(Redemption)
        .where(Redemption.shop_id == shop_id, theirs if member_ids else led)
        .execution_options(populate_existing=True)
    )
    return sorted(session.scalars(query), key=attrgetter("id"))


def code_from_id(redemption_id: UUID) -> str:
    """The code of what nobody asked for: it follows from an id that nobody can guess."""
    return written(letters_of(sha256(redemption_id.bytes).digest()))
