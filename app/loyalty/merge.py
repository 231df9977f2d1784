"""Merge two customers whom the platform says are one: all that was the gone one's is the kept's.

What is told of the gone customer later, or was told before we knew either of them, concerns the
kept one (see `recognize`). What remains is a nameless row whose account is empty.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loyalty.enroll import enroll
from app.loyalty.expire import expire_first
from app.loyalty.forget_names import forget_names
from app.loyalty.give_entry import leave_one_each
from app.loyalty.measure import measure, rank_all
from app.loyalty.merge_points import move_codes, move_lots, take_doubles
from app.loyalty.move_person import move_person
from app.loyalty.settle import Fact, OrderDue, settle
from app.models.departed import departures, mark_of, note_merged
from app.models.fact import FactKind, Noted, journal_all
from app.models.held_names import hold_names
from app.models.member import Member, lock_members, member_of
from app.models.order import OrderRecord, lock_orders
from app.models.program import Programs
from app.models.shop import Shop
from app.models.synced_balance import empty_balances
from app.models.transfer import transfers_of


def merge(session: Session, shop: Shop, *, kept_id: str, gone_id: str, at: datetime) -> None:
    """Give the kept customer everything of the one that is gone; twice is once.

    Orders are settled again for the kept customer; codes, and points with the life that they had
    left, move as they are. A bonus that one person gets once is left once.
    """
    programs = Programs(session, shop.id)
    released: set[str] = set()
    while True:
        kept_id = _whoever_that_is(session, shop, kept_id)
        if kept_id == gone_id:
            return
        # Who has just come may not be seen yet: whoever makes a member of them ends first.
        hold_names(session, shop.id, [kept_id, gone_id])
        note_merged(session, shop.id, gone_id=gone_id, kept_id=kept_id, at=at)
        gone = member_of(session, shop.id, gone_id)
        if gone is None:
            return
        released.update(enroll(session, shop, {kept_id: gone.email_hash}, programs, at=at))
        kept = member_of(session, shop.id, kept_id)
        assert kept is not None, "Who was just enrolled is a member."
        # Locked before they are read: another worker may be noting a refund of one.
        records = lock_orders(session, shop.id, released | _orders_of(session, gone, gone_id))
        locked = lock_members(session, shop.id, [kept.id, gone.id])
        gone, kept = locked[gone.id], locked[kept.id]
        named = (gone.customer_id, kept.customer_id) == (gone_id, kept_id)
        if named and _orders_of(session, gone, gone_id) <= records.keys():
            break
        # While we waited, one was merged or forgotten, or another worker gave them an order.
    expire_first(session, shop, programs, locked, at=at)
    email_hash = gone.email_hash
    # One person can be on one side only; who was in the program stays in it.
    kept.arm = kept.arm if kept.arm == gone.arm else None
    gone.arm = None
    take_doubles(session, gone, kept, programs.at(at), at=at)
    had = transfers_of(session, shop.id, gone.id)
    _move_orders(session, shop, list(records.values()), kept_id, at)
    move_codes(session, gone, kept, at=at)
    move_lots(session, gone, kept, had, at=at)
    if gone.entered:
        leave_one_each(session, shop, kept, gone.id, at=at)
    empty_balances(session, shop.id, [gone], at=at)
    move_person(session, gone, kept)
    measured = measure(session, shop.id, [kept.id], programs, (at, at))
    rank_all(session, [kept], measured, programs.at(at).tiers, at=at)
    fact = Noted(FactKind.MERGED, at, {"gone": str(gone.id)}, customer_id=kept_id)
    journal_all(session, shop.id, [fact])
    forget_names(session, shop.id, [gone_id], [email_hash])


def _whoever_that_is(session: Session, shop: Shop, customer_id: str) -> str:
    """A customer by the name they go by now, since they may have been merged themselves."""
    departed = departures(session, shop.id, [mark_of(customer_id)]).get(mark_of(customer_id))
    return departed.kept_id or customer_id if departed is not None else customer_id


def _orders_of(session: Session, gone: Member, gone_id: str) -> set[str]:
    """The orders of who is gone: what they placed, also as the guest that they were."""
    theirs = (OrderRecord.customer_id == gone_id) | (OrderRecord.member_id == gone.id)
    query = select(OrderRecord.order_id).where(OrderRecord.shop_id == gone.shop_id, theirs)
    return set(session.scalars(query))


def _move_orders(
    session: Session, shop: Shop, records: list[OrderRecord], kept_id: str, at: datetime
) -> None:
    for record in records:
        record.belong_to(kept_id, record.email_hash)
    session.flush()
    placed = [(record.placed_at, record.order_id) for record in records if record.facts]
    settle(session, shop, [Fact(OrderDue(key), at) for _, key in sorted(placed)], merging=True)
    for record in records:
        if record.forgotten:
            # Its points are theirs; by whom it was placed is still not for us to know.
            record.belong_to(None, None)
