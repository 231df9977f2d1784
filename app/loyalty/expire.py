"""Expire what is over: points whose lot has ended, and what guests never came for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import holding
from app.loyalty.post import post
from app.models.member import Member, lock_members
from app.models.order import OrderRecord
from app.models.shop import Shop
from app.models.transfer import transfers_of

BATCH = 200
"""Members whose points are looked at in one transaction."""


def expire_points(session: Session, shop: Shop, *, at: datetime) -> int:
    """Take out the points of up to a batch of members whose lots are over; returns how many.

    What was missed while we were away is caught up with: each lot is expired as of now.
    """
    query = (
        select(Member.id)
        .where(Member.shop_id == shop.id, Member.next_expiry_at <= at)
        .order_by(Member.next_expiry_at)
        .limit(BATCH)
    )
    members = lock_members(session, shop.id, list(session.scalars(query)))
    for member in members.values():
        lots = holding(transfers_of(session, shop.id, member.id)).expired(at)
        transfers = [
            _expiry(f"expire:{lot.key}:{member.transfers}", lot.points, at) for lot in lots
        ]
        post(session, member, transfers)
    return len(members)


def forget_guests(session: Session, shop: Shop, *, at: datetime) -> int:
    """Forget guests who did not join in time, with their points; returns how many.

    Points that wait for an order to be decided or for their day are its own, so whoever has such is
    not forgotten before.
    """
    query = (
        select(Member.id)
        .where(Member.shop_id == shop.id, Member.guest_until <= at, Member.customer_id.is_(None))
        .where(Member.pending == 0)
        .order_by(Member.guest_until)
        .limit(BATCH)
    )
    members = lock_members(session, shop.id, list(session.scalars(query)))
    for member in members.values():
        if member.available > 0:
            key = f"forget:{member.id}:{Account.AVAILABLE}:{member.transfers}"
            post(session, member, [_expiry(key, member.available, at)])
        member.email_hash = None
        member.guest_until = None
    _unlink_orders(session, shop, list(members))
    return len(members)


def _unlink_orders(session: Session, shop: Shop, member_ids: list[UUID]) -> None:
    query = select(OrderRecord).where(
        OrderRecord.shop_id == shop.id, OrderRecord.member_id.in_(member_ids)
    )
    for record in session.scalars(query.order_by(OrderRecord.order_id).with_for_update()):
        record.email_hash = None
        if record.facts is not None:
            record.facts = record.facts | {"email_hash": None}


def _expiry(key: str, points: int, at: datetime) -> Transfer:
    return Transfer(
        key=key,
        source=Account.AVAILABLE,
        target=Account.EXPIRED,
        points=points,
        occurred_at=at,
        reason=Reason.EXPIRE,
    )
