"""Merge two customers whom the platform says are one: orders, points and e-mail come together."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer
from app.loyalty.enroll import enroll
from app.loyalty.post import post
from app.loyalty.settle import Fact, OrderDue, settle
from app.models.member import Member, lock_members, member_of
from app.models.order import OrderRecord, lock_orders
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import transfers_of


def merge(session: Session, shop: Shop, *, kept_id: str, gone_id: str, at: datetime) -> None:
    """Give the kept customer the orders and points of the one that is gone; twice is once.

    Orders are settled again for the kept customer; what else the gone one had (or owed) moves as
    a sum. Codes that are out stay with the nameless member until they are used or end.
    """
    gone = member_of(session, shop.id, gone_id)
    if gone is None or kept_id == gone_id:
        return
    enroll(session, shop, {kept_id: gone.email_hash}, Programs(session, shop.id), at=at)
    query = select(OrderRecord.order_id).where(
        OrderRecord.shop_id == shop.id, OrderRecord.customer_id == gone_id
    )
    # Locked before they are read: another worker may be noting a refund of one.
    locked_orders = lock_orders(session, shop.id, list(session.scalars(query)))
    records = [record for _, record in sorted(locked_orders.items())]
    for record in records:
        record.belong_to(kept_id, record.email_hash)
    session.flush()
    settle(session, shop, [Fact(OrderDue(one.order_id), at) for one in records if one.facts])
    kept = member_of(session, shop.id, kept_id)
    assert kept is not None, "Who was just enrolled is a member."
    locked = lock_members(session, shop.id, [kept.id, gone.id])
    _take_doubles(session, locked[gone.id], locked[kept.id], Programs(session, shop.id), at)
    _move_rest(session, locked[gone.id], locked[kept.id], at)
    locked[gone.id].customer_id = None
    locked[gone.id].email_hash = None


def _take_doubles(
    session: Session, gone: Member, kept: Member, programs: Programs, at: datetime
) -> None:
    """Take back bonuses that one person gets once and both of them had."""
    once = {rule.code for rule in programs.at(at).actions if rule.per_lifetime == 1}
    had = {
        (one.reason, one.note)
        for one in transfers_of(session, kept.shop_id, kept.id)
        if one.reason in (Reason.JOIN, Reason.ACTION)
    }
    for one in transfers_of(session, gone.shop_id, gone.id):
        is_once = one.reason is Reason.JOIN or (one.reason is Reason.ACTION and one.note in once)
        if is_once and (one.reason, one.note) in had:
            transfer = Transfer(
                key=f"merge:{kept.id}:{one.key}"[:200],
                source=Account.AVAILABLE,
                target=Account.REVERSED,
                points=one.points,
                occurred_at=at,
                reason=Reason.MERGE,
                note=one.note,
            )
            post(session, gone, [transfer])


def _move_rest(session: Session, gone: Member, kept: Member, at: datetime) -> None:
    points = gone.available
    if not points:
        return
    giver, taker = (gone, kept) if points > 0 else (kept, gone)
    for member, source, target in (
        (giver, Account.AVAILABLE, Account.ADJUSTED),
        (taker, Account.ADJUSTED, Account.AVAILABLE),
    ):
        transfer = Transfer(
            key=f"merge:{gone.id}:{kept.id}:{member.transfers}:{source}",
            source=source,
            target=target,
            points=abs(points),
            occurred_at=at,
            reason=Reason.MERGE,
        )
        post(session, member, [transfer])
