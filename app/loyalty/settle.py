"""Settle orders: post the difference between what they should have given and what they have.

A whole batch of facts is read at once, decided one fact after the other in the order in which they
came, and written at once. So the ledger does not depend on how the facts were cut into batches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.effects import Effect, FetchOrder
from app.domain.events import OrderChanged, OrderDeleted, OrderRefunded
from app.domain.order import Order
from app.loyalty.award import Awarding, awarding
from app.loyalty.enroll import counting_from, enroll, keep_guests, welcome_guests
from app.loyalty.entry import entered_by, reward_entry
from app.loyalty.expire import expire_first
from app.loyalty.give_entry import EntryRewards
from app.loyalty.hearing import Hearing
from app.loyalty.lock_ahead import hold_unknown, lock_ahead
from app.loyalty.measure import Measured, measure, rank
from app.loyalty.parts import before_any_are_over, comes_in_parts, first_part
from app.loyalty.post import Posting, written_at_once
from app.loyalty.recognize import recognize
from app.loyalty.settle_order import post_order
from app.loyalty.settle_redemption import find_redemptions, post_redemptions
from app.loyalty.take_in import take_in, versions
from app.models.effect import queue
from app.models.member import Member, ids_by_customer, ids_by_email, lock_members
from app.models.order import OrderRecord, lock_orders
from app.models.program import Programs
from app.models.redemption import Redemption
from app.models.rows import write_changed
from app.models.shop import Shop


@dataclass(frozen=True, slots=True)
class OrderDue:
    """Nothing new is known of an order, but its position may have changed: look again."""

    order_id: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known of an order, and since when."""

    event: OrderChanged | OrderRefunded | OrderDeleted | OrderDue
    at: datetime

    @property
    def order_id(self) -> str:
        """The order it is about."""
        if isinstance(self.event, OrderChanged):
            return self.event.order.order_id
        return self.event.order_id


@dataclass(slots=True)
class _Batch:
    """All that the facts of a batch touch, read and locked before the first is looked at."""

    shop: Shop
    programs: Programs
    records: dict[str, OrderRecord]
    members: dict[UUID, Member]
    by_customer: dict[str, Member]
    by_email: dict[str, Member]
    redemptions: dict[str, Redemption]
    measured: Measured
    awarding: Awarding
    entries: EntryRewards


def settle(session: Session, shop: Shop, facts: Sequence[Fact], *, merging: bool = False) -> None:
    """Take in what is known of some orders, and post what follows.

    Facts that come twice, late or in any order end the same. An order of which only a refund is
    known is to be fetched. Orders that come with a merge count as their new owner's last ones.
    """
    left = list(facts)
    known = hold_unknown(session, shop.id, _told(left), {})
    ahead: dict[UUID, Member] = {}
    is_new = any(order.customer_id not in known for order in _told(left) if order.customer_id)
    if comes_in_parts(session, shop, [fact.at for fact in left], is_new=is_new):
        ahead = lock_ahead(session, shop.id, _told(left), known, {one.order_id for one in left})
    while left:
        left = _settle_first(session, shop, left, ahead, merging)


def _settle_first(
    session: Session, shop: Shop, facts: list[Fact], ahead: dict[UUID, Member], merging: bool
) -> list[Fact]:
    """Settle facts up to where points may be over for those after it; returns these."""
    first = first_part(session, shop, [fact.at for fact in facts], ahead)
    facts, late = facts[:first], facts[first:]
    batch = _read(session, shop, facts)
    batch.awarding.merging = merging
    moments = [fact.at for fact in facts]
    whole = max(1, before_any_are_over(batch.programs, batch.members.values(), moments))
    facts, rest = facts[:whole], facts[whole:]
    hearing = Hearing(batch.members, batch.redemptions)
    with written_at_once(session) as posting:
        for fact in facts:
            record = batch.records[fact.order_id]
            before = hearing.state(record)
            order = take_in(record, fact.event, fact.at)
            if order is not None:
                _settle_one(posting, batch, record, order, at=fact.at)
            if not isinstance(fact.event, OrderDue):
                hearing.hear(record, before, fact.at)
    unknown = {fact.order_id for fact in facts if batch.records[fact.order_id].facts is None}
    write_changed(session, batch.records.values())
    write_changed(session, batch.members.values())
    batch.measured.write(session)
    session.flush()
    hearing.write(session, shop.id)
    fetch: list[Effect] = [FetchOrder(key) for key in sorted(unknown)]
    fetch += batch.awarding.effects
    queue(session, shop.id, fetch, at=facts[-1].at)
    # Whatever came after points were over finds them gone.
    return [*rest, *late]


def _settle_one(
    posting: Posting, batch: _Batch, record: OrderRecord, order: Order, *, at: datetime
) -> None:
    owner = _owner(batch, record, order)
    if owner is not None:
        _hand_over(posting, batch, record, owner, at)
        batch.awarding.award(record, order, owner, at=at)
        post_order(posting, owner, record, order, batch.programs, at=at)
    program = batch.programs.at(counting_from(order))
    post_redemptions(posting, batch.members, batch.redemptions, order, program, at=at)
    if owner is not None:
        batch.measured.note(record)
        tiers = batch.programs.at(at).tiers
        entered = entered_by(owner, record)
        # Entry points may lead one tier further; a later duplicate shall find nothing left to give.
        while reward_entry(owner, record, order, rank(owner, batch.measured, tiers, at=at)):
            post_order(posting, owner, record, order, batch.programs, at=at)
            batch.measured.note(record)
        batch.entries.bring(owner, record, entered, at=at)


def _hand_over(
    posting: Posting, batch: _Batch, record: OrderRecord, owner: Member, at: datetime
) -> None:
    """Take an order's points from the member who had them, when it belongs to another one now."""
    if record.member_id is not None and record.member_id != owner.id:
        holder = batch.members[record.member_id]
        post_order(posting, holder, record, None, None, at=at)
        if not batch.awarding.merging:
            batch.entries.leave(holder, record, at=at)
        record.award = None
    record.member_id = owner.id


def _owner(batch: _Batch, record: OrderRecord, order: Order) -> Member | None:
    """Whose points an order gives: the customer, else who goes by the e-mail.

    An order that has an owner keeps them when the platform forgets its customer; it only moves
    from a guest to the customer that the guest has become.
    """
    if order.customer_id is not None:
        return batch.by_customer.get(order.customer_id)
    holder = batch.members.get(record.member_id) if record.member_id is not None else None
    if holder is not None and not holder.is_guest:
        return holder
    by_email = batch.by_email.get(order.email_hash) if order.email_hash is not None else None
    return by_email or holder


def _read(session: Session, shop: Shop, facts: list[Fact]) -> _Batch:
    """Read and lock what the facts touch; guest orders of who joins now are added to the facts."""
    programs = Programs(session, shop.id)
    records = lock_orders(session, shop.id, {fact.order_id for fact in facts})
    while True:
        orders, by_customer, by_email = _whose(session, shop, programs, records, facts)
        ids = {*by_customer.values(), *by_email.values()}
        ids |= {record.member_id for record in records.values() if record.member_id is not None}
        redemptions = find_redemptions(session, shop.id, orders)
        ids |= {redemption.member_id for redemption in redemptions.values()}
        members = lock_members(session, shop.id, ids)
        if all(members[one].customer_id == key for key, one in by_customer.items()) and all(
            members[one].email_hash == key for key, one in by_email.items()
        ):
            break
        # Somebody was merged, forgotten or renamed while we waited for their lock.
    expire_first(session, shop, programs, members, at=facts[0].at)
    keep_guests(members.values(), orders, programs)
    if redemptions:
        # Only what is read after the locks is sure.
        redemptions = find_redemptions(session, shop.id, orders)
    moments = [fact.at for fact in facts]
    return _Batch(
        shop=shop,
        programs=programs,
        records=records,
        members=members,
        by_customer={key: members[one] for key, one in by_customer.items()},
        by_email={key: members[one] for key, one in by_email.items()},
        redemptions=redemptions,
        measured=measure(session, shop.id, members, programs, (min(moments), max(moments))),
        awarding=awarding(session, shop, programs, orders, members),
        entries=EntryRewards(session, shop, programs, records, members.values()),
    )


def _whose(
    session: Session,
    shop: Shop,
    programs: Programs,
    records: dict[str, OrderRecord],
    facts: list[Fact],
) -> tuple[list[Order], dict[str, UUID], dict[str, UUID]]:
    """The orders that the facts make known, and whose they may be, by customer and by e-mail.

    Who joins by them is enrolled, and their guest orders are added to the records and the facts.
    """
    known = hold_unknown(session, shop.id, _told(facts), records)
    events = recognize(session, shop.id, [fact.event for fact in facts], records)
    facts[:] = [
        fact if event is fact.event else replace(fact, event=event)
        for fact, event in zip(facts, events, strict=True)
    ]
    orders = versions(records, _told(facts))
    customers = {order.customer_id: order.email_hash for order in orders if order.customer_id}
    new = {key: hashed for key, hashed in customers.items() if key not in known}
    if new:
        released = enroll(session, shop, new, programs, at=facts[0].at)
        known |= ids_by_customer(session, shop.id, new)
        records |= lock_orders(session, shop.id, released)
        facts += [Fact(OrderDue(order_id), facts[0].at) for order_id in released]
        orders = versions(records, _told(facts))
    welcome_guests(session, shop, orders, programs, at=facts[0].at)
    emails = {order.email_hash for order in orders if order.email_hash is not None}
    by_customer = {key: known[key] for key in customers if key in known}
    return orders, by_customer, ids_by_email(session, shop.id, emails)


def _told(facts: Iterable[Fact]) -> list[Order]:
    return [fact.event.order for fact in facts if isinstance(fact.event, OrderChanged)]
