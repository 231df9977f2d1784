"""Verify a shop's books: everything that is kept beside the ledger against it, row by row.

A transfer has two sides, so the ledger cannot be out of balance with itself; what could be wrong
are the sums that we keep beside it, and what was decided and not posted. Memory does not grow with
the shop.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.domain.ledger import Account, Transfer
from app.domain.lots import holding
from app.loyalty.verify_orders import chunks, wrong_orders
from app.models.base import ShopId
from app.models.member import Member
from app.models.redemption import HOLDING, Redemption, RedemptionState
from app.models.shop import Shop
from app.models.transfer import TransferRow, ledgers_of, sums_by_member, sums_by_redemption

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
    count = 0
    for chunk in chunks(sums_by_member(session, shop.id)):
        members = _members(session, shop.id, [member_id for member_id, _ in chunk])
        for member_id, sums in chunk:
            for account, points in sums.items():
                totals[account] += points
            differences += _of_member(members.get(member_id), member_id, sums)
        count += len(chunk)
    if sum(totals.values()):
        differences.append(f"The accounts add up to {sum(totals.values())}, not to 0.")
    differences += _never_posted(session, shop.id)
    differences += _of_expiry(session, shop.id)
    differences += wrong_orders(session, shop)
    differences += _of_redemptions(session, shop.id)
    differences += _of_no_redemption(session, shop.id)
    transfers = select(func.count()).where(TransferRow.shop_id == shop.id)
    return Verification(
        members=count,
        transfers=session.scalar(transfers) or 0,
        accounts=totals,
        differences=tuple(differences),
    )


def verify_members(session: Session, shop: Shop, ids: Collection[UUID]) -> list[str]:
    """Compare what is kept of some members with their ledgers: a sentence for each difference."""
    members = _members(session, shop.id, list(ids))
    found = dict(sums_by_member(session, shop.id, ids))
    nothing = dict.fromkeys(Account, 0)
    return [
        difference
        for member_id, member in sorted(members.items())
        for difference in _of_member(member, member_id, found.get(member_id, nothing))
    ]


def _of_member(member: Member | None, member_id: UUID, sums: dict[Account, int]) -> list[str]:
    if member is None:
        return [f"The ledger has points of member {member_id}, who does not exist."]
    return [
        f"Member {member_id}: {account} is {sums[account]} by the ledger, {member.sum_of(account)}"
        " as kept."
        for account in CACHED
        if sums[account] != member.sum_of(account)
    ]


def _never_posted(session: Session, shop_id: ShopId) -> Iterator[str]:
    of_member = (TransferRow.shop_id == shop_id) & (TransferRow.member_id == Member.id)
    query = select(Member.id).where(
        Member.shop_id == shop_id,
        (Member.available != 0) | (Member.pending != 0) | (Member.held != 0),
        ~exists().where(of_member),
    )
    for member_id in session.scalars(query.execution_options(yield_per=1000)):
        yield f"Member {member_id} has points without a single transfer."


def _of_expiry(session: Session, shop_id: ShopId) -> Iterator[str]:
    """Whose next expiry is not what a replay says."""
    expiring = select(TransferRow.member_id).where(
        TransferRow.shop_id == shop_id, TransferRow.expires_at.is_not(None)
    )
    query = select(Member).where(
        Member.shop_id == shop_id, Member.next_expiry_at.is_not(None) | Member.id.in_(expiring)
    )
    members = session.scalars(query.execution_options(yield_per=1000))
    for chunk in chunks(iter(members)):
        ledgers = ledgers_of(session, shop_id, [member.id for member in chunk])
        for member in chunk:
            yield from _of_next_expiry(member, ledgers[member.id])


def _of_next_expiry(member: Member, transfers: list[Transfer]) -> Iterator[str]:
    told_at, told = member.next_expiry_at, member.next_expiry_points
    at, points = holding(transfers).next_expiry or (None, 0)
    if (at, points) != (told_at, told):
        yield (
            f"Member {member.id}: {points} points expire next, at {at}, by the ledger; {told} at"
            f" {told_at} as kept."
        )


SUMMED = (Account.HELD, Account.SPENT, Account.DONATED)


def _of_redemptions(session: Session, shop_id: ShopId) -> Iterator[str]:
    """Whose points are not where the ledger, or the state of the redemption, says."""
    query = select(Redemption).where(Redemption.shop_id == shop_id)
    redemptions = session.scalars(query.execution_options(yield_per=1000))
    for chunk in chunks(iter(redemptions)):
        ids = [str(redemption.id) for redemption in chunk]
        sums = sums_by_redemption(session, shop_id, ids)
        for redemption in chunk:
            yield from _of_redemption(redemption, sums.get(str(redemption.id), {}))


def _of_redemption(redemption: Redemption, sums: dict[Account, int]) -> Iterator[str]:
    in_use = redemption.state in HOLDING and redemption.given_at is None
    waits = redemption.state == RedemptionState.USED and redemption.order_id is None
    expected = redemption.cost_points if in_use or waits else 0
    if redemption.held != expected:
        yield (
            f"The code {redemption.code} is {redemption.state} and holds {redemption.held}"
            f" points, not {expected}."
        )
    for account in SUMMED:
        posted, kept = sums.get(account, 0), redemption.position[account]
        if posted != kept:
            yield (
                f"The code {redemption.code}: {account} is {posted} by the ledger, {kept} as kept."
            )


def _of_no_redemption(session: Session, shop_id: ShopId) -> Iterator[str]:
    """Points that are held, spent or donated for nothing that we know of."""
    query = select(TransferRow.key, TransferRow.redemption_id).where(
        TransferRow.shop_id == shop_id,
        TransferRow.source.in_(SUMMED) | TransferRow.target.in_(SUMMED),
    )
    for chunk in chunks(iter(session.execute(query.execution_options(yield_per=1000)))):
        told = {UUID(redemption_id) for _, redemption_id in chunk if redemption_id is not None}
        ids = select(Redemption.id).where(Redemption.shop_id == shop_id, Redemption.id.in_(told))
        known = {str(found) for found in session.scalars(ids)}
        for key, redemption_id in chunk:
            if redemption_id not in known:
                yield f"The transfer {key} is for no redemption that we know."


def _members(session: Session, shop_id: ShopId, ids: list[UUID]) -> dict[UUID, Member]:
    query = select(Member).where(Member.shop_id == shop_id, Member.id.in_(ids))
    return {member.id: member for member in session.scalars(query)}
