"""Verify a shop's books: everything that is kept beside the ledger against it.

A transfer has two sides, so the ledger cannot be out of balance with itself; what could be wrong
are the sums that we keep beside it, and what was decided and not posted. The database compares
sums; only what has to be replayed is read, and memory does not grow with the shop.
"""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.ledger import Account, Transfer
from app.domain.lots import holding
from app.loyalty.verify_orders import wrong_orders
from app.loyalty.watched import Progress, Watched, chunks, unwatched
from app.models.base import ShopId
from app.models.books import (
    expiring_ledgers,
    keys_moving,
    sums_by_redemption,
    wrong_members,
    wrong_without_transfers,
)
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.redemption import HOLDING, Redemption, RedemptionState
from app.models.shop import Shop
from app.models.sums import Sums, account_sums, size_of_ledger


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


def verify(session: Session, shop: Shop, progress: Progress = unwatched) -> Verification:
    """Recompute every balance of a shop from its ledger, and compare.

    `progress` is told of the members and orders that were looked at one by one, and of how many.
    """
    members, transfers = size_of_ledger(session, shop.id)
    totals = account_sums(session, shop.id)
    watched = Watched(progress, _count(session, Member, shop) + _count(session, OrderRecord, shop))
    differences: list[str] = []
    if sum(totals.values()):
        differences.append(f"The accounts add up to {sum(totals.values())}, not to 0.")
    differences += _of_members(session, shop.id)
    differences += _of_expiry(session, shop.id, watched)
    differences += wrong_orders(session, shop, watched)
    differences += _of_redemptions(session, shop.id)
    return Verification(
        members=members, transfers=transfers, accounts=totals, differences=tuple(differences)
    )


def _count(session: Session, table: type[Member | OrderRecord], shop: Shop) -> int:
    return session.scalar(select(func.count()).where(table.shop_id == shop.id)) or 0


def verify_members(session: Session, shop: Shop, ids: Collection[UUID]) -> list[str]:
    """Compare what is kept of some members with their ledgers: a sentence for each difference."""
    return list(_of_members(session, shop.id, ids))


def _of_members(
    session: Session, shop_id: ShopId, only: Collection[UUID] | None = None
) -> Iterator[str]:
    for member_id, sums, kept in wrong_members(session, shop_id, only):
        if kept is None:
            yield f"The ledger has points of member {member_id}, who does not exist."
            continue
        for account, points in kept.items():
            if sums[account] != points:
                yield (
                    f"Member {member_id}: {account} is {sums[account]} by the ledger, {points} as"
                    " kept."
                )
    for member_id in wrong_without_transfers(session, shop_id, only):
        yield f"Member {member_id} has points without a single transfer."


def _of_expiry(session: Session, shop_id: ShopId, watched: Watched) -> Iterator[str]:
    """Whose next expiry is not what a replay says."""
    query = select(Member.id, Member.next_expiry_at, Member.next_expiry_points)
    members = session.execute(
        query.where(Member.shop_id == shop_id).order_by(Member.id).execution_options(yield_per=1000)
    )
    for chunk in watched.chunks(iter(members)):
        ledgers = expiring_ledgers(session, shop_id, chunk[0].id, chunk[-1].id)
        for member_id, told_at, told in chunk:
            if told_at is not None or told or member_id in ledgers:
                yield from _of_next_expiry(member_id, ledgers.get(member_id, []), told_at, told)


def _of_next_expiry(
    member_id: UUID, transfers: list[Transfer], told_at: datetime | None, told: int
) -> Iterator[str]:
    at, points = holding(transfers).next_expiry or (None, 0)
    if (at, points) != (told_at, told):
        yield (
            f"Member {member_id}: {points} points expire next, at {at}, by the ledger; {told} at"
            f" {told_at} as kept."
        )


SUMMED = (Account.HELD, Account.SPENT, Account.DONATED)


def _of_redemptions(session: Session, shop_id: ShopId) -> Iterator[str]:
    """Whose points are not where the ledger, or the state of the redemption, says.

    Both come in the order of their ids. Then there are points for nothing that we know of.
    """
    query = select(
        *(Redemption.id, Redemption.code, Redemption.state, Redemption.given_at),
        *(Redemption.order_id, Redemption.cost_points),
        *(Redemption.held, Redemption.spent, Redemption.donated),
    )
    kept = session.execute(
        query.where(Redemption.shop_id == shop_id)
        .order_by(Redemption.id)
        .execution_options(yield_per=1000)
    )
    by_ledger = ((its_id, 0, sums) for its_id, sums in sums_by_redemption(session, shop_id))
    as_kept = ((redemption.id, 1, redemption) for redemption in kept)
    unknown = []
    both = heapq.merge(by_ledger, as_kept, key=lambda one: one[:2])
    for its_id, found in groupby(both, key=lambda one: one[0]):
        told: dict[int, Any] = {place: one for _, place, one in found}
        if 1 in told:
            yield from _of_redemption(told[1], told.get(0, {}))
        else:
            unknown.append(str(its_id))
    for ids in (None, *chunks(iter(unknown))):
        for key in keys_moving(session, shop_id, SUMMED, ids):
            yield f"The transfer {key} is for no redemption that we know."


def _of_redemption(redemption: Any, sums: Sums) -> Iterator[str]:
    in_use = redemption.state in HOLDING and redemption.given_at is None
    waits = redemption.state == RedemptionState.USED and redemption.order_id is None
    expected = redemption.cost_points if in_use or waits else 0
    if redemption.held != expected:
        yield (
            f"The code {redemption.code} is {redemption.state} and holds {redemption.held}"
            f" points, not {expected}."
        )
    for account in SUMMED:
        posted, kept = sums.get(account, 0), getattr(redemption, account.value)
        if posted != kept:
            yield (
                f"The code {redemption.code}: {account} is {posted} by the ledger, {kept} as kept."
            )
