"""A shop's books as a whole: what is kept beside the ledger, where the ledger says otherwise.

The sums are compared by the database, which hands out nothing but what differs; and what has to be
replayed comes member by member, so that memory does not grow with the shop.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    String,
    Uuid,
    and_,
    cast,
    exists,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer
from app.models.base import ShopId
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.sums import SUMS, Sums, sums_in
from app.models.transfer import TransferRow

MEMBER_SUMS: Mapping[Account, Any] = {
    Account.AVAILABLE: Member.available,
    Account.PENDING: Member.pending,
    Account.HELD: Member.held,
}
"""The sums that are kept with a member."""
ORDER_SUMS: Mapping[Account, Any] = {
    Account.ISSUED: OrderRecord.posted_issued,
    Account.PENDING: OrderRecord.posted_pending,
    Account.AVAILABLE: OrderRecord.posted_available,
    Account.REVERSED: OrderRecord.posted_reversed,
    Account.EXPIRED: OrderRecord.posted_expired,
}
"""The sums that are kept with an order."""
AT_ONCE = 1_000


def wrong_members(
    session: Session, shop_id: ShopId, only: Collection[UUID] | None = None
) -> Iterator[tuple[UUID, Sums, Sums | None]]:
    """Whose sums differ: (member, by the ledger, as kept); None is kept of who does not exist."""
    ledger = select(TransferRow.member_id, *SUMS).where(TransferRow.shop_id == shop_id)
    if only is not None:
        ledger = ledger.where(TransferRow.member_id.in_(only))
    by_ledger = ledger.group_by(TransferRow.member_id).subquery()
    differs = (by_ledger.c[account] != kept for account, kept in MEMBER_SUMS.items())
    query = (
        select(by_ledger, Member.id, *MEMBER_SUMS.values())
        .outerjoin(Member, and_(Member.shop_id == shop_id, Member.id == by_ledger.c.member_id))
        .where(or_(Member.id.is_(None), *differs))
    )
    for found in session.execute(query.execution_options(yield_per=AT_ONCE)):
        member_id, *sums = found[: 1 + len(Account)]
        known, *kept = found[1 + len(Account) :]
        theirs = None if known is None else dict(zip(MEMBER_SUMS, kept, strict=True))
        yield member_id, sums_in(sums), theirs


def wrong_without_transfers(
    session: Session, shop_id: ShopId, only: Collection[UUID] | None = None
) -> Iterator[UUID]:
    """The members that have points without a single transfer."""
    theirs = (TransferRow.shop_id == shop_id) & (TransferRow.member_id == Member.id)
    any_points = or_(*(kept != 0 for kept in MEMBER_SUMS.values()))
    query = select(Member.id).where(Member.shop_id == shop_id, any_points, ~exists().where(theirs))
    if only is not None:
        query = query.where(Member.id.in_(only))
    yield from session.scalars(query.execution_options(yield_per=AT_ONCE))


def unlike_orders(session: Session, shop_id: ShopId) -> Iterator[tuple[UUID, str, Sums]]:
    """What orders moved for a member, where their records do not say the same of that member.

    Rightly so for whom an order belonged to before.
    """
    by_ledger = (
        select(TransferRow.member_id, TransferRow.order_id, *SUMS)
        .where(TransferRow.shop_id == shop_id, TransferRow.order_id.is_not(None))
        .group_by(TransferRow.member_id, TransferRow.order_id)
        .subquery()
    )
    record = and_(
        OrderRecord.shop_id == shop_id,
        OrderRecord.order_id == by_ledger.c.order_id,
        OrderRecord.member_id == by_ledger.c.member_id,
    )
    differs = (by_ledger.c[account] != kept for account, kept in ORDER_SUMS.items())
    query = (
        select(by_ledger)
        .outerjoin(OrderRecord, record)
        .where(or_(OrderRecord.order_id.is_(None), *differs))
    )
    for member_id, order_id, *sums in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield member_id, order_id, sums_in(sums)


def orders_without_transfers(session: Session, shop_id: ShopId) -> Iterator[str]:
    """The orders that have points of which their member's ledger knows nothing."""
    theirs = and_(
        TransferRow.shop_id == shop_id,
        TransferRow.member_id == OrderRecord.member_id,
        TransferRow.order_id == OrderRecord.order_id,
    )
    any_points = or_(*(kept != 0 for kept in ORDER_SUMS.values()))
    query = select(OrderRecord.order_id).where(
        OrderRecord.shop_id == shop_id, any_points, ~exists().where(theirs)
    )
    yield from session.scalars(query.execution_options(yield_per=AT_ONCE))


def sums_by_redemption(session: Session, shop_id: ShopId) -> Iterator[tuple[UUID, Sums]]:
    """What each redemption moved by the ledger, whoever had it, in the order of their ids."""
    query = (
        select(cast(TransferRow.redemption_id, Uuid), *SUMS)
        .where(TransferRow.shop_id == shop_id, TransferRow.redemption_id.is_not(None))
        .group_by(TransferRow.redemption_id)
        .order_by(cast(TransferRow.redemption_id, Uuid))
    )
    for redemption_id, *sums in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield redemption_id, sums_in(sums)


def keys_moving(
    session: Session,
    shop_id: ShopId,
    accounts: Collection[Account],
    redemption_ids: Collection[str] | None,
) -> Iterator[str]:
    """The transfers into or out of these accounts for some redemptions; None is for none at all."""
    touches = TransferRow.source.in_(accounts) | TransferRow.target.in_(accounts)
    query = select(TransferRow.key).where(TransferRow.shop_id == shop_id, touches)
    if redemption_ids is None:
        query = query.where(TransferRow.redemption_id.is_(None))
    else:
        query = query.where(TransferRow.redemption_id.in_(redemption_ids))
    yield from session.scalars(query.execution_options(yield_per=AT_ONCE))


def expiring_ledgers(
    session: Session, shop_id: ShopId, first_id: UUID, last_id: UUID
) -> dict[UUID, list[Transfer]]:
    """What moved the available points of members, from one id to another, any of which expire."""
    ours = (
        TransferRow.shop_id == shop_id,
        TransferRow.member_id >= first_id,
        TransferRow.member_id <= last_id,
    )
    expiring = select(TransferRow.member_id).where(*ours, TransferRow.expires_at.is_not(None))
    wanted = list(session.scalars(expiring.distinct()))
    moving = or_(
        TransferRow.source == Account.AVAILABLE.value, TransferRow.target == Account.AVAILABLE.value
    )
    query = (
        # An id as the driver makes it: one is made of it for a member, and not for each row.
        select(type_coerce(TransferRow.member_id, String), *_MOVED)
        .where(*ours, moving)
        .order_by(TransferRow.member_id, TransferRow.number)
    )
    found: dict[UUID, list[Transfer]] = {member_id: [] for member_id in wanted}
    if wanted:
        for theirs, rows in groupby(session.execute(query), key=lambda row: row[0]):
            member_id = theirs if isinstance(theirs, UUID) else UUID(theirs)
            if member_id in found:
                found[member_id] = [_transfer(row) for row in rows]
    return found


_MOVED = (
    *(TransferRow.key, TransferRow.source, TransferRow.target, TransferRow.points),
    *(TransferRow.occurred_at, TransferRow.reason, TransferRow.order_id, TransferRow.expires_at),
)
# A look into these takes a third of what an enumeration does.
_ACCOUNTS = {account.value: account for account in Account}
_REASONS = {reason.value: reason for reason in Reason}


def _transfer(row: Any) -> Transfer:
    _, key, source, target, points, occurred_at, reason, order_id, expires_at = row
    return Transfer(
        key=key,
        source=_ACCOUNTS[source],
        target=_ACCOUNTS[target],
        points=points,
        occurred_at=occurred_at,
        reason=_REASONS[reason],
        order_id=order_id,
        expires_at=expires_at,
    )
