"""Expire what is over: points whose lot has ended, and what guests never came for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer
from app.domain.settlement import inactive_at, is_inactive, may_be_inactive_since
from app.loyalty.balance import is_over, lots_over
from app.loyalty.forget_names import forget_names
from app.loyalty.post import post
from app.models.among import among
from app.models.fact import FactKind, journal
from app.models.member import Member, lock_members, member_of
from app.models.order import OrderRecord, lock_orders
from app.models.program import Programs, latest_number
from app.models.shop import Shop

BATCH = 200
"""Members whose points are looked at in one transaction."""


def expire_points(session: Session, shop: Shop, *, at: datetime) -> int:
    """Take out the points of up to a batch of members whose lots are over; returns how many.

    What was missed while we were away is caught up with: each lot is expired as of now.
    """
    query = (
        select(Member.id)
        .where(Member.shop_id == shop.id, Member.next_expiry_at <= at)
        .order_by(Member.next_expiry_at, Member.id)
        .limit(BATCH)
    )
    ids = list(session.scalars(query))
    expire_over(session, shop, ids, at=at)
    return len(ids)


def expire_inactive(session: Session, shop: Shop, *, at: datetime) -> int:
    """Take out the whole balance of up to a batch of members who were away too long."""
    expiry = Programs(session, shop.id).at(at).expiry if latest_number(session, shop.id) else None
    if expiry is None or inactive_at(expiry, at, shop.zone) is None:
        return 0
    query = (
        select(Member.id, Member.active_at)
        .where(Member.shop_id == shop.id, Member.available > 0, Member.active_at.is_not(None))
        .where(Member.active_at <= may_be_inactive_since(expiry, at, shop.zone))
        .order_by(Member.active_at, Member.id)
        .limit(BATCH)
    )
    ids = [
        member_id
        for member_id, active_at in session.execute(query)
        if is_inactive(expiry, active_at, at, shop.zone)
    ]
    expire_over(session, shop, ids, at=at)
    return len(ids)


def lock_at(session: Session, shop: Shop, member_id: UUID, *, at: datetime) -> Member | None:
    """A member, ours until the commit, without the points that are over; None when there is none.

    The chore comes by every few minutes; who spends points does not wait for it.
    """
    return expire_over(session, shop, [member_id], at=at).get(member_id)


def lock_customer_at(
    session: Session, shop: Shop, customer_id: str, *, at: datetime
) -> Member | None:
    """The same for who a customer is by then; None for somebody who is no member."""
    found = member_of(session, shop.id, customer_id)
    member = lock_at(session, shop, found.id, at=at) if found is not None else None
    # Who was merged or forgotten while we waited for the lock has no name any more.
    return member if member is not None and member.customer_id == customer_id else None


def expire_over(
    session: Session, shop: Shop, member_ids: Collection[UUID], *, at: datetime
) -> dict[UUID, Member]:
    """Lock members, and expire what is over of their points; returns them.

    Orders are locked before members; a lot that has appeared since is expired without its order.
    """
    programs = Programs(session, shop.id)
    query = select(Member).where(Member.shop_id == shop.id, among(Member.id, member_ids))
    members = session.scalars(query).all()
    over = [lot for member in members for lot in lots_over(session, programs, member, at=at)]
    order_ids = {lot.order_id for lot in over if lot.order_id is not None}
    records = lock_orders(session, shop.id, order_ids) if order_ids else {}
    locked = lock_members(session, shop.id, member_ids)
    expired: dict[str, bool] = {}
    for member in locked.values():
        for lot in lots_over(session, programs, member, at=at):
            expired[str(member.id)] = True
            key = f"expire:{member.id}:{member.transfers + 1}"
            _expire(session, member, records.get(lot.order_id or ""), key, lot.points, at=at)
    if expired:
        journal(session, shop.id, FactKind.EXPIRED, {"members": list(expired)}, at=at)
    return locked


def expire_first(
    session: Session,
    shop: Shop,
    programs: Programs,
    members: Mapping[UUID, Member],
    *,
    at: datetime,
) -> None:
    """Expire what is over of locked members' points, before anything else is done with these.

    So it does not matter whether the chore came by before or comes after.
    """
    over = [member_id for member_id, one in members.items() if is_over(programs, one, at=at)]
    if over:
        expire_over(session, shop, over, at=at)


def _expire(
    session: Session,
    member: Member,
    record: OrderRecord | None,
    key: str,
    points: int,
    *,
    at: datetime,
) -> None:
    """Expire points, and note it with the order that earned them: a refund takes them no more."""
    ours = record if record is not None and record.member_id == member.id else None
    transfer = Transfer(
        key=key,
        source=Account.AVAILABLE,
        target=Account.EXPIRED,
        points=points,
        occurred_at=at,
        reason=Reason.EXPIRE,
        order_id=ours.order_id if ours is not None else None,
        note=ours.name if ours is not None else "",
    )
    post(session, member, [transfer])
    if ours is not None:
        posted = ours.posted
        posted[Account.AVAILABLE] -= points
        posted[Account.EXPIRED] += points
        ours.posted = posted


def forget_guests(session: Session, shop: Shop, *, at: datetime) -> int:
    """Forget guests who did not join in time, with their points; returns how many.

    Points that wait for an order to be decided or for their day are its own, so whoever has such is
    not forgotten before.
    """
    query = (
        select(Member.id)
        .where(Member.shop_id == shop.id, Member.guest_until <= at, Member.customer_id.is_(None))
        .where(Member.pending == 0)
        .order_by(Member.guest_until, Member.id)
        .limit(BATCH)
    )
    ids = list(session.scalars(query))
    forget(session, shop, ids, at=at)
    return len(ids)


def forget(session: Session, shop: Shop, ids: Collection[UUID], *, at: datetime) -> None:
    """Forget these guests, with their points."""
    of_guests = select(OrderRecord.order_id).where(
        OrderRecord.shop_id == shop.id, OrderRecord.member_id.in_(ids)
    )
    records = lock_orders(session, shop.id, list(session.scalars(of_guests))) if ids else {}
    members = lock_members(session, shop.id, ids)
    for record in records.values():
        member = members.get(record.member_id) if record.member_id is not None else None
        points = min(record.posted[Account.AVAILABLE], member.available) if member else 0
        if member is not None and points > 0:
            key = f"forget:{record.order_id}:{member.transfers + 1}"
            _expire(session, member, record, key, points, at=at)
        record.belong_to(record.customer_id, None)
    hashes = {member.email_hash for member in members.values()}
    for member in members.values():
        member.email_hash = None
        member.guest_until = None
    if ids:
        fact = {"members": [str(member_id) for member_id in ids]}
        journal(session, shop.id, FactKind.FORGOTTEN, fact, at=at)
        forget_names(session, shop.id, [], hashes)
