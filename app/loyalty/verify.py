"""Verify a shop's books: every cached sum against the ledger, row by row.

A transfer has two sides, so the ledger cannot be out of balance with itself; what could be wrong
are the sums that we keep beside it. Memory does not grow with the shop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.models.base import ShopId
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.redemption import HOLDING, Redemption, RedemptionState
from app.models.shop import Shop
from app.models.transfer import TransferRow, sums_by_member, sums_by_order

CHUNK = 500
One = TypeVar("One")
CACHED = (Account.AVAILABLE, Account.PENDING, Account.HELD)


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared, what each account holds, and a sentence for each difference."""

    members: int
    transfers: int
    accounts: dict[Account, int]
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the books are right."""
        return not self.differences


def verify(session: Session, shop: Shop) -> Verification:
    """Recompute every balance of a shop from its ledger, and compare."""
    totals = dict.fromkeys(Account, 0)
    differences: list[str] = []
    known: set[UUID] = set()
    for chunk in _chunks(sums_by_member(session, shop.id)):
        members = _members(session, shop.id, [member_id for member_id, _ in chunk])
        for member_id, sums in chunk:
            for account, points in sums.items():
                totals[account] += points
            differences += _of_member(members.get(member_id), member_id, sums)
            known.add(member_id)
    if sum(totals.values()):
        differences.append(f"The accounts add up to {sum(totals.values())}, not to 0.")
    differences += _never_posted(session, shop.id, known)
    differences += _of_orders(session, shop.id)
    differences += _of_redemptions(session, shop.id)
    count = select(func.count()).where(TransferRow.shop_id == shop.id)
    return Verification(
        members=len(known),
        transfers=session.scalar(count) or 0,
        accounts=totals,
        differences=tuple(differences),
    )


def _of_member(member: Member | None, member_id: UUID, sums: dict[Account, int]) -> list[str]:
    if member is None:
        return [f"The ledger has points of member {member_id}, who does not exist."]
    return [
        f"Member {member_id}: {account} is {sums[account]} by the ledger, {member.sum_of(account)}"
        " as kept."
        for account in CACHED
        if sums[account] != member.sum_of(account)
    ]


def _never_posted(session: Session, shop_id: ShopId, known: set[UUID]) -> Iterator[str]:
    query = select(Member).where(
        Member.shop_id == shop_id,
        (Member.available != 0) | (Member.pending != 0) | (Member.held != 0),
    )
    for member in session.scalars(query.execution_options(yield_per=1000)):
        if member.id not in known:
            yield f"Member {member.id} has points without a single transfer."


def _of_orders(session: Session, shop_id: ShopId) -> Iterator[str]:
    for chunk in _chunks(sums_by_order(session, shop_id)):
        order_ids = {order_id for _, order_id, _ in chunk}
        query = select(OrderRecord).where(
            OrderRecord.shop_id == shop_id, OrderRecord.order_id.in_(order_ids)
        )
        records = {record.order_id: record for record in session.scalars(query)}
        for member_id, order_id, sums in chunk:
            record = records.get(order_id)
            if record is None:
                yield f"The ledger has points of order {order_id}, which does not exist."
            elif record.member_id == member_id:
                for account, points in record.posted.items():
                    if sums[account] != points:
                        yield (
                            f"Order {order_id}: {account} is {sums[account]} by the ledger,"
                            f" {points} as kept."
                        )


def _of_redemptions(session: Session, shop_id: ShopId) -> Iterator[str]:
    query = select(Redemption).where(Redemption.shop_id == shop_id)
    for redemption in session.scalars(query.execution_options(yield_per=1000)):
        in_use = redemption.state in HOLDING and redemption.given_at is None
        waits = redemption.state == RedemptionState.USED and redemption.order_id is None
        expected = redemption.cost_points if in_use or waits else 0
        if redemption.held != expected:
            yield (
                f"The code {redemption.code} is {redemption.state} and holds {redemption.held}"
                f" points, not {expected}."
            )


def _members(session: Session, shop_id: ShopId, ids: list[UUID]) -> dict[UUID, Member]:
    query = select(Member).where(Member.shop_id == shop_id, Member.id.in_(ids))
    return {member.id: member for member in session.scalars(query)}


def _chunks(rows: Iterator[One]) -> Iterator[list[One]]:
    """The rows in lists of bearable length."""
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
