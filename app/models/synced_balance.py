"""Members whose balance the shop's own pages do not show as it is, and what was written of them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.member import Member, lock_members


@dataclass(frozen=True, slots=True)
class Unsynced:
    """A customer's balance as it is, and as it was last written; None when that is not known."""

    member_id: UUID
    customer_id: str
    points: int
    before: int | None


def unsynced(session: Session, shop_id: ShopId, *, limit: int) -> list[Unsynced]:
    """Up to so many customers whose balance has changed since it was written.

    An index holds these and nobody else, so that looking costs the same in a shop of any size.
    """
    query = (
        select(Member.id, Member.customer_id, Member.available, Member.synced_balance)
        .where(
            Member.shop_id == shop_id,
            Member.customer_id.is_not(None),
            Member.synced_balance.is_distinct_from(Member.available),
        )
        .order_by(Member.id)
        .limit(limit)
    )
    return [
        Unsynced(member_id, str(customer_id), points, before)
        for member_id, customer_id, points, before in session.execute(query)
    ]


def note_synced(session: Session, shop_id: ShopId, written: Collection[Unsynced]) -> None:
    """Note what was written.

    Where somebody else has noted something meanwhile, nobody can tell who wrote last, so it is
    unknown, and written once more.
    """
    members = lock_members(session, shop_id, [one.member_id for one in written])
    for one in written:
        member = members[one.member_id]
        is_ours = member.synced_balance == one.before
        member.synced_balance = one.points if is_ours else None


def forget_synced(session: Session, shop_id: ShopId) -> None:
    """Have balances written anew that the shop was shown once: it may not have kept them."""
    session.execute(
        update(Member)
        .where(Member.shop_id == shop_id, Member.synced_balance != 0)
        .values(synced_balance=None)
        .execution_options(synchronize_session=False)
    )
