"""Erase a person, or a whole shop's people, and keep books that still add up.

What is left of a member is an id of ours and sums of points: nothing says any more whose they were.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.loyalty.forget_hauled import forget_all_hauled, forget_hauled
from app.loyalty.forget_names import forget_all_names, forget_names
from app.models.adjustment_note import forget_notes
from app.models.api_key import forget_keys
from app.models.audit_entry import forget_changes
from app.models.base import ShopId
from app.models.colleague import forget_colleagues
from app.models.delivery import drop_bodies_of
from app.models.departed import Departed, departures, mark_of, note_forgotten
from app.models.fact import FactKind, journal
from app.models.held_names import hold_names
from app.models.member import Member, lock_members
from app.models.order import OrderRecord, lock_orders
from app.models.person import is_person, names_any
from app.models.privacy_request import forget_asking
from app.models.shop import Credential, Shop, ShopState
from app.models.sign_in import forget_sign_ins
from app.models.sign_out import forget_sign_outs
from app.models.synced_balance import empty_balances, forget_emptied

NAMELESS = dict.fromkeys(
    (
        "customer_id",
        "email_hash",
        "guest_until",
        "birthday",
        "birthday_entered_at",
        "floor_reason",
    )
)
"""Everything on a member's row that says something of the person, emptied."""


def erase(
    session: Session,
    shop: Shop,
    *,
    customer_id: str | None,
    email_hash: str | None,
    at: datetime,
) -> int:
    """Forget a person by the platform's id, the keyed hash of the e-mail, or both.

    What comes late about them does not bring them back (see `recognize`). Returns how many members
    were made nameless: none for somebody we never knew.
    """
    hold_names(session, shop.id, [customer_id, email_hash])
    while True:
        if customer_id is not None and _is_merged(session, shop.id, customer_id):
            # The address is that of whom they were merged into, and who is not to be forgotten.
            email_hash = None
        found = _members_of(session, shop.id, is_person(customer_id, email_hash))
        customer_ids = _named({customer_id, *(one for one, _ in found.values())})
        hashes = _named({email_hash, *(hashed for _, hashed in found.values())})
        told = hashes | _former_hashes(session, shop.id, found)
        was_guest = Member.customer_id.is_(None) & Member.email_hash.in_(told)
        found |= _members_of(session, shop.id, was_guest)
        note_forgotten(session, shop.id, customer_ids=customer_ids, email_hashes=told, at=at)
        order_ids = _orders_of(session, shop.id, found, customer_ids | hashes)
        records = list(lock_orders(session, shop.id, order_ids).values())
        members = lock_members(session, shop.id, found)
        named = {key: (one.customer_id, one.email_hash) for key, one in members.items()}
        still = _orders_of(session, shop.id, found, customer_ids | hashes)
        if named == found and order_ids == still:
            break
        # While we waited, one was merged or renamed, or another worker gave them an order.
    drop_bodies_of(session, shop.id, customer_ids | told)
    forget_hauled(session, shop.id, customer_ids | told, members, at=at)
    forget_asking(session, shop.id, customer_ids | told)
    bearers: tuple[Member | OrderRecord, ...] = (*members.values(), *records)
    customer_ids |= _named({one.customer_id for one in bearers})
    hashes |= _named({one.email_hash for one in bearers})
    make_nameless(session, shop, members.values(), records, at=at)
    forget_names(session, shop.id, customer_ids, hashes)
    return len(members)


def make_nameless(
    session: Session,
    shop: Shop,
    members: Collection[Member],
    records: Collection[OrderRecord],
    *,
    at: datetime,
) -> None:
    """Take the person out of their members and orders, and out of what comes of these later."""
    forget_notes(session, shop.id, [member.id for member in members])
    empty_balances(session, shop.id, members, at=at)
    for record in records:
        record.belong_to(None, None)
        record.forgotten = True
    for member in members:
        for column, nothing in NAMELESS.items():
            setattr(member, column, nothing)
    if members or records:
        fact = {
            "members": sorted(str(member.id) for member in members),
            "orders": sorted(record.order_id for record in records),
        }
        journal(session, shop.id, FactKind.ERASED, fact, at=at)


def _is_merged(session: Session, shop_id: ShopId, customer_id: str) -> bool:
    departed = departures(session, shop_id, [mark_of(customer_id)]).get(mark_of(customer_id))
    return departed is not None and departed.kept_id is not None


def _members_of(
    session: Session, shop_id: ShopId, which: ColumnElement[bool]
) -> dict[UUID, tuple[str | None, str | None]]:
    """Some members, each with the customer's id and the keyed hash they go by."""
    query = select(Member.id, Member.customer_id, Member.email_hash)
    of_shop = query.where(Member.shop_id == shop_id, which)
    return {key: (one, hashed) for key, one, hashed in session.execute(of_shop)}


def _former_hashes(session: Session, shop_id: ShopId, member_ids: Collection[UUID]) -> set[str]:
    """By which hashes these members ordered as guests: an order keeps its own when they move on."""
    query = select(OrderRecord.email_hash).where(
        OrderRecord.shop_id == shop_id,
        OrderRecord.member_id.in_(member_ids),
        OrderRecord.customer_id.is_(None),
    )
    return _named(set(session.scalars(query)))


def _orders_of(
    session: Session, shop_id: ShopId, member_ids: Collection[UUID], persons: set[str]
) -> set[str]:
    its = OrderRecord
    theirs = names_any(its.customer_id, its.email_hash, persons, member_id=its.member_id)
    theirs |= its.member_id.in_(member_ids)
    query = select(its.order_id).where(its.shop_id == shop_id, theirs)
    return set(session.scalars(query))


def _named(names: set[str | None]) -> set[str]:
    return {one for one in names if one is not None}


def erase_shop(session: Session, shop: Shop, *, at: datetime) -> None:
    """Forget all people of a shop that has left; the platform asks for it 48 hours after."""
    session.execute(
        update(OrderRecord)
        .where(OrderRecord.shop_id == shop.id)
        .values(customer_id=None, email_hash=None, facts=None, early_refunds={}, due_at=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Member)
        .where(Member.shop_id == shop.id)
        .values(**NAMELESS)
        .execution_options(synchronize_session=False)
    )
    drop_bodies_of(session, shop.id, None)
    forget_all_hauled(session, shop.id)
    forget_asking(session, shop.id, None)
    forget_notes(session, shop.id, None)
    forget_emptied(session, shop.id)
    session.execute(delete(Departed).where(Departed.shop_id == shop.id))
    session.execute(delete(Credential).where(Credential.shop_id == shop.id))
    shop.state = ShopState.ERASED
    shop.left_at = shop.left_at or at
    session.flush()
    forget_changes(session, shop.id)
    forget_keys(session, shop.id)
    forget_colleagues(session, shop.id)
    forget_sign_ins(session, shop.id)
    forget_sign_outs(session, shop.id)
    journal(session, shop.id, FactKind.SHOP_ERASED, {}, at=at)
    forget_all_names(session, shop.id)
