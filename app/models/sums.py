"""What the ledger of a shop comes to, summed by the database."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import String, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.models.base import ShopId
from app.models.member import Member
from app.models.transfer import TransferRow

Sums = dict[Account, int]


def _sum_of(account: Account) -> Any:
    gained = case((TransferRow.target == account.value, TransferRow.points), else_=0)
    lost = case((TransferRow.source == account.value, TransferRow.points), else_=0)
    return func.coalesce(func.sum(gained - lost), 0)


SUMS = tuple(_sum_of(account).label(account.value) for account in Account)
"""What each account holds, as columns: made once, since verifying asks for them all the time."""


def sums_in(columns: Iterable[Any]) -> Sums:
    """The sums in the columns of `SUMS`."""
    return {account: int(points) for account, points in zip(Account, columns, strict=True)}


def size_of_ledger(session: Session, shop_id: ShopId) -> tuple[int, int]:
    """How many members have transfers, and how many transfers there are."""
    each = (
        select(func.count().label("transfers"))
        .where(TransferRow.shop_id == shop_id)
        .group_by(TransferRow.member_id)
        .subquery()
    )
    query = select(func.count(), func.coalesce(func.sum(each.c.transfers), 0)).select_from(each)
    members, transfers = session.execute(query).one()
    return int(members), int(transfers)


def account_sums(session: Session, shop_id: ShopId) -> Sums:
    """What each account holds, all members together."""
    found = session.execute(select(*SUMS).where(TransferRow.shop_id == shop_id))
    return sums_in(found.one())


def sums_by_name(
    session: Session, shop_id: ShopId
) -> Iterator[tuple[object, str | None, str | None, str | None, Sums]]:
    """What each member holds by order, None for what belongs to none, one member after the other.

    As (member, customer, keyed hash, order, sums); a member's id is as the driver makes it.
    """
    each = (
        select(TransferRow.member_id, TransferRow.order_id, *SUMS)
        .where(TransferRow.shop_id == shop_id)
        .group_by(TransferRow.member_id, TransferRow.order_id)
        .subquery()
    )
    its = each.c
    its_member = and_(Member.shop_id == shop_id, Member.id == its.member_id)
    query = (
        select(
            *(type_coerce(its.member_id, String), Member.customer_id, Member.email_hash),
            *(its.order_id, *(its[account] for account in Account)),
        )
        .outerjoin(Member, its_member)
        .order_by(its.member_id)
    )
    for found in session.execute(query.execution_options(yield_per=1000)):
        member, customer_id, email_hash, order_id, *sums = found
        yield member, customer_id, email_hash, order_id, sums_in(sums)
