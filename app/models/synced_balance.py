"""Customers whose balance the shop's own pages do not show as it is, and what was written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId
from app.models.member import Member, ids_by_customer, lock_members
from app.models.rows import insert_new


class EmptiedBalance(Base):
    """A customer whom the shop's own pages show points of a member that they are not any more.

    Who was forgotten, or merged into another, is named here until these pages show nothing.
    """

    __tablename__ = "emptied_balance"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    customer_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Unsynced:
    """A customer's balance as it is, and as it was last written; None when that is not known.

    Whoever is no member any more has none, and `member_id` is None.
    """

    member_id: UUID | None
    customer_id: str
    points: int
    before: int | None


def unsynced(session: Session, shop_id: ShopId, *, limit: int) -> list[Unsynced]:
    """Up to so many customers whose balance has changed since it was written.

    Who is no member any more comes first: where somebody is one again, theirs is written later. An
    index holds these and nobody else, so that looking costs the same in a shop of any size.
    """
    emptied = (
        select(EmptiedBalance.customer_id)
        .where(EmptiedBalance.shop_id == shop_id)
        .order_by(EmptiedBalance.customer_id)
        .limit(limit)
    )
    found = [Unsynced(None, customer_id, 0, None) for customer_id in session.scalars(emptied)]
    query = (
        select(Member.id, Member.customer_id, Member.available, Member.synced_balance)
        .where(
            Member.shop_id == shop_id,
            Member.customer_id.is_not(None),
            Member.synced_balance.is_distinct_from(Member.available),
        )
        .order_by(Member.id)
        .limit(limit - len(found))
    )
    return found + [
        Unsynced(member_id, str(customer_id), points, before)
        for member_id, customer_id, points, before in session.execute(query)
    ]


def note_synced(session: Session, shop_id: ShopId, written: Collection[Unsynced]) -> None:
    """Note what was written.

    Where somebody else has noted something meanwhile, nobody can tell who wrote last, so it is
    unknown, and written once more.
    """
    emptied = {one.customer_id for one in written if one.member_id is None}
    again = set(ids_by_customer(session, shop_id, emptied).values()) if emptied else set()
    mine = {one.member_id: one for one in written if one.member_id is not None}
    members = lock_members(session, shop_id, again | mine.keys())
    for member_id, one in mine.items():
        is_ours = members[member_id].synced_balance == one.before
        members[member_id].synced_balance = one.points if is_ours else None
    for member_id in again:
        # Who is a member again may have been written beside this.
        members[member_id].synced_balance = None
    if emptied:
        done = EmptiedBalance.customer_id.in_(emptied)
        session.execute(delete(EmptiedBalance).where(EmptiedBalance.shop_id == shop_id, done))


def empty_balances(
    session: Session, shop_id: ShopId, members: Collection[Member], *, at: datetime
) -> None:
    """Have the shop's own pages show nothing of these members' customers, who are about to go."""
    rows = [
        {"shop_id": shop_id, "customer_id": member.customer_id, "at": at}
        for member in members
        if member.customer_id is not None and member.synced_balance != 0
    ]
    insert_new(session, EmptiedBalance, rows)


def forget_emptied(session: Session, shop_id: ShopId, *, before: datetime | None = None) -> None:
    """Name nobody any more whose points went before a moment, or ever: it could not be written."""
    forgotten = delete(EmptiedBalance).where(EmptiedBalance.shop_id == shop_id)
    session.execute(forgotten if before is None else forgotten.where(EmptiedBalance.at < before))


def forget_synced(session: Session, shop_id: ShopId) -> None:
    """Have balances written anew that the shop was shown once: it may not have kept them."""
    session.execute(
        update(Member)
        .where(Member.shop_id == shop_id, Member.synced_balance != 0)
        .values(synced_balance=None)
        .execution_options(synchronize_session=False)
    )
