"""Erase a person, or a whole shop's people, and keep books that still add up.

What is left of a member is an id of ours and sums of points: nothing says any more whose they were.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.delivery import drop_bodies_of
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.privacy_request import forget_asking
from app.models.shop import Credential, Shop, ShopState

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


def erase(session: Session, shop: Shop, *, customer_id: str | None, email_hash: str | None) -> int:
    """Forget a person by the platform's id, the keyed hash of the e-mail, or both.

    Returns how many members were made nameless: none for somebody we never knew.
    """
    of_member = _is_them(Member.customer_id, Member.email_hash, customer_id, email_hash)
    query = select(Member).where(Member.shop_id == shop.id, of_member).with_for_update()
    members = list(session.scalars(query))
    hashes = {member.email_hash for member in members} | {email_hash}
    _strip_orders(session, shop.id, customer_id, hashes - {None})
    persons = {one for one in (customer_id, *hashes) if one is not None}
    persons |= {member.customer_id for member in members if member.customer_id is not None}
    drop_bodies_of(session, shop.id, persons)
    forget_asking(session, shop.id, persons)
    for member in members:
        for column, nothing in NAMELESS.items():
            setattr(member, column, nothing)
    return len(members)


def _strip_orders(
    session: Session, shop_id: ShopId, customer_id: str | None, hashes: set[Any]
) -> None:
    of_order: list[Any] = [OrderRecord.email_hash.in_(hashes)]
    if customer_id is not None:
        of_order.append(OrderRecord.customer_id == customer_id)
    query = select(OrderRecord).where(OrderRecord.shop_id == shop_id, or_(*of_order))
    for record in session.scalars(query.with_for_update()):
        record.belong_to(None, None)


def _is_them(
    by_customer: Any, by_email: Any, customer_id: str | None, email_hash: str | None
) -> Any:
    told = []
    if customer_id is not None:
        told.append(by_customer == customer_id)
    if email_hash is not None:
        told.append(by_email == email_hash)
    return or_(*told) if told else by_customer.in_([])


def erase_shop(session: Session, shop: Shop, *, at: datetime) -> None:
    """Forget all people of a shop that has left; the platform asks for it 48 hours after."""
    session.execute(
        update(Member)
        .where(Member.shop_id == shop.id)
        .values(**NAMELESS)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OrderRecord)
        .where(OrderRecord.shop_id == shop.id)
        .values(customer_id=None, email_hash=None, facts=None, early_refunds={}, due_at=None)
        .execution_options(synchronize_session=False)
    )
    drop_bodies_of(session, shop.id, None)
    forget_asking(session, shop.id, None)
    session.execute(delete(Credential).where(Credential.shop_id == shop.id))
    shop.state = ShopState.ERASED
    shop.left_at = shop.left_at or at
