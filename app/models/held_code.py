"""The codes that members hold as discounts of their own, and what became of any code."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.redemption import Redemption, RedemptionState

AT_ONCE = 500


def codes_held(
    session: Session, shop_id: ShopId, *, made_before: datetime, at: datetime
) -> dict[str, UUID]:
    """The codes that can be used at an instant and were made before another, in capitals."""
    query = select(Redemption.code, Redemption.id).where(
        Redemption.shop_id == shop_id,
        Redemption.state == RedemptionState.READY,
        Redemption.pool_id.is_(None),
        Redemption.created_at < made_before,
        or_(Redemption.ends_at.is_(None), Redemption.ends_at > at),
    )
    return {code.upper(): redemption_id for code, redemption_id in session.execute(query)}


def states_of(
    session: Session, shop_id: ShopId, codes: Collection[str]
) -> dict[str, tuple[UUID, str]]:
    """Of these codes those that we have ever made: whose redemption it is, and how far that is."""
    found: dict[str, tuple[UUID, str]] = {}
    for lot in _lots(sorted(codes)):
        query = select(Redemption.code, Redemption.id, Redemption.state).where(
            Redemption.shop_id == shop_id, Redemption.code.in_(lot)
        )
        found |= {code: (its_id, state) for code, its_id, state in session.execute(query)}
    return found


def _lots(codes: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(codes)
    while lot := list(islice(rest, AT_ONCE)):
        yield lot
