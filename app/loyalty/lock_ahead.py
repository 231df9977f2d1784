"""Hold the names and lock the rows that news of orders touches, before any of it is decided."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.order import Order
from app.models.base import ShopId
from app.models.held_names import hold_names
from app.models.member import Member, ids_by_customer, ids_by_email, lock_members
from app.models.order import OrderRecord, lock_orders


def hold_unknown(
    session: Session, shop_id: ShopId, told: Iterable[Order], records: Mapping[str, OrderRecord]
) -> dict[str, UUID]:
    """Hold the names of those in the news whom nobody knows; returns who is known, by customer.

    Whoever joins, merges or erases holds names before orders are locked, so everybody does.
    """
    orders = list(told)
    named = {one.customer_id for one in orders} | {one.customer_id for one in records.values()}
    # Read before who has departed: who does so later is found nameless when they are locked.
    known = ids_by_customer(session, shop_id, {one for one in named if one is not None})
    # Of whom nobody knows there is nothing to lock yet: newcomers, and guests who may be joining.
    unknown = [one for one in orders if one.customer_id not in known]
    hold_names(session, shop_id, {n for one in unknown for n in (one.customer_id, one.email_hash)})
    return known


def lock_ahead(
    session: Session,
    shop_id: ShopId,
    told: Iterable[Order],
    known: Mapping[str, UUID],
    order_ids: Collection[str],
) -> dict[UUID, Member]:
    """Lock all that a batch touches of which only a part is settled at first; returns whom."""
    records = lock_orders(session, shop_id, order_ids)
    emails = {one.email_hash for one in told if one.email_hash is not None}
    ids = {*known.values(), *ids_by_email(session, shop_id, emails).values()}
    ids |= {one.member_id for one in records.values() if one.member_id is not None}
    return lock_members(session, shop_id, ids)
