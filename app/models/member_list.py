"""Lists of members, as a merchant leafs through them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.member import Member

MOST_SIFTED = 2_000
"""Members that one page looks through for those who are wanted; the next one goes on from there."""
SIFTED_AT_ONCE = 500


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


class Candidate(NamedTuple):
    """What a filter asks of a member."""

    id: UUID
    customer_id: str | None
    tier: str | None


def sifted_page(
    session: Session,
    shop_id: ShopId,
    wanted: Callable[[Sequence[Candidate]], list[Candidate]],
    *,
    before: UUID | None,
    limit: int,
) -> tuple[list[Member], UUID | None]:
    """Members that are wanted, newest first, and from where to look on; None when all were seen.

    It looks through a bounded number of them, so that a page of a large shop never takes long.
    """
    found: list[Candidate] = []
    for _ in range(0, MOST_SIFTED, SIFTED_AT_ONCE):
        some = _candidates(session, shop_id, before)
        found += wanted(some)
        before = some[-1].id if len(some) == SIFTED_AT_ONCE else None
        if len(found) > limit:
            before = found[limit - 1].id
            break
        if before is None:
            break
    ids = [one.id for one in found[:limit]]
    query = select(Member).where(Member.shop_id == shop_id, Member.id.in_(ids))
    return list(session.scalars(query.order_by(Member.id.desc()))), before


def _candidates(session: Session, shop_id: ShopId, before: UUID | None) -> list[Candidate]:
    query = select(Member.id, Member.customer_id, Member.tier).where(Member.shop_id == shop_id)
    if before is not None:
        query = query.where(Member.id < before)
    newest = query.order_by(Member.id.desc()).limit(SIFTED_AT_ONCE)
    return [Candidate(*row) for row in session.execute(newest)]
