"""How points moved in a time, and where those that are outstanding will end."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    CompoundSelect,
    and_,
    case,
    distinct,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.orm import Session

from app.analytics.period import Period, rows_of, step_of, whole
from app.domain.ledger import Account, Reason
from app.domain.lots import holding
from app.models.base import Instant, ShopId
from app.models.member import Member, member_figures
from app.models.transfer import TransferRow

DEEDS = (Reason.ORDER, Reason.ACTION, Reason.REDEEM, Reason.SPEND, Reason.DONATE)
"""What makes a member an active one; joining alone does not."""
REPLAYED_AT_ONCE = 500
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Flow:
    """What became of points in a time. Opening plus all changes is what is outstanding after it."""

    issued: int = 0
    taken_back: int = 0
    adjusted: int = 0
    redeemed: int = 0
    expired: int = 0

    @property
    def change(self) -> int:
        """By how much it changed what is outstanding."""
        return self.issued + self.adjusted - self.taken_back - self.redeemed - self.expired

    def plus(self, other: "Flow") -> "Flow":
        """Both together."""
        return Flow(
            self.issued + other.issued,
            self.taken_back + other.taken_back,
            self.adjusted + other.adjusted,
            self.redeemed + other.redeemed,
            self.expired + other.expired,
        )


def together(flows: Iterable[Flow]) -> Flow:
    """All of them together."""
    total = Flow()
    for flow in flows:
        total = total.plus(flow)
    return total


@dataclass(frozen=True, slots=True)
class Flows:
    """What moved before a time, in each of its steps, and after it."""

    before: Flow
    steps: tuple[Flow, ...]
    after: Flow


def flows(session: Session, shop_id: ShopId, period: Period) -> Flows:
    """How points moved, step by step."""
    starts = [period.midnight(day) for day in period.steps]
    step = step_of(TransferRow.occurred_at, [*starts, period.until])
    query = (
        select(step, TransferRow.source, TransferRow.target, func.sum(TransferRow.points))
        .where(TransferRow.shop_id == shop_id)
        .group_by(step, TransferRow.source, TransferRow.target)
    )
    found = [Flow()] * (len(starts) + 2)
    for place, source, target, points in rows_of(session, query):
        found[place + 1] = found[place + 1].plus(_flow(source, target, whole(points)))
    return Flows(found[0], tuple(found[1:-1]), found[-1])


def _flow(source: str, target: str, points: int) -> Flow:
    def net(account: Account) -> int:
        return points * ((target == account) - (source == account))

    return Flow(
        issued=-net(Account.ISSUED),
        taken_back=net(Account.REVERSED),
        adjusted=-net(Account.ADJUSTED),
        redeemed=net(Account.SPENT) + net(Account.DONATED),
        expired=net(Account.EXPIRED),
    )


def active_members(session: Session, shop_id: ShopId, period: Period) -> int:
    """How many members earned or spent something in a time."""
    query = (
        select(func.count(distinct(TransferRow.member_id)))
        .where(TransferRow.shop_id == shop_id, TransferRow.reason.in_(DEEDS))
        .where(TransferRow.occurred_at >= period.since, TransferRow.occurred_at < period.until)
    )
    return session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Points that members have now. What some owe is inside `available`, as below zero.

    `expiring` has those that end, by the months that `starts` begin; the first number is what is
    over already, and waits for the worker; the last is of all time after the last month.
    """

    available: int
    pending: int
    held: int
    owed: int
    never: int
    expiring: tuple[int, ...]

    @property
    def points(self) -> int:
        """All of them."""
        return self.available + self.pending + self.held


def outstanding(session: Session, shop_id: ShopId, starts: list[datetime]) -> Outstanding:
    """What members have now, by when it ends; `starts` begins now and goes on month by month.

    What leaves is taken from the lot that ends first, and what an order takes back from its own. So
    where each lot ends no sooner than the one before it and nothing was taken back, what is left
    are the last ones, and the database adds them up; the few other members are replayed.
    """
    _members, available, pending, held = member_figures(session, shop_id)
    owed = select(func.sum(Member.available)).where(Member.shop_id == shop_id, Member.available < 0)
    ends = _orderly(session, shop_id, starts)
    for place, points in _replayed(session, shop_id, starts).items():
        ends[place] = ends.get(place, 0) + points
    return Outstanding(
        available=available,
        pending=pending,
        held=held,
        owed=-whole(session.scalar(owed)),
        never=ends.get(len(starts), 0),
        expiring=tuple(ends.get(step, 0) for step in range(-1, len(starts))),
    )


def _orderly(session: Session, shop_id: ShopId, starts: list[datetime]) -> dict[int, int]:
    """What is left of the lots of those members of whom the last lots are what is left."""
    lots = _lots(shop_id)
    older = lots.c.newer - lots.c.points
    left = case((lots.c.newer <= Member.available, lots.c.points), else_=Member.available - older)
    step = step_of(lots.c.ends_at, [*starts, NEVER])
    query = (
        select(step, func.sum(left))
        .join(Member, and_(Member.shop_id == shop_id, Member.id == lots.c.member_id))
        .where(older < Member.available, lots.c.member_id.not_in(_disorderly(lots, shop_id)))
        .group_by(step)
    )
    return {place: whole(points) for place, points in rows_of(session, query)}


def _lots(shop_id: ShopId) -> CTE:
    """What became available, when it ends, when the one before it ends, and all since together."""
    ends_at = func.coalesce(TransferRow.expires_at, literal(NEVER, Instant()))
    whose, number = TransferRow.member_id, TransferRow.number
    before = func.lag(ends_at, type_=Instant()).over(partition_by=whose, order_by=number)
    newer = func.sum(TransferRow.points).over(partition_by=whose, order_by=number.desc())
    return (
        select(
            TransferRow.member_id,
            TransferRow.points,
            ends_at.label("ends_at"),
            before.label("before"),
            newer.label("newer"),
        )
        .where(TransferRow.shop_id == shop_id, TransferRow.target == Account.AVAILABLE)
        .cte("lot")
    )


def _disorderly(lots: CTE, shop_id: ShopId) -> CompoundSelect[Any]:
    """Members with a lot that ends before an earlier one, or whose order took its own back."""
    taken_back = select(TransferRow.member_id).where(
        TransferRow.shop_id == shop_id,
        TransferRow.source == Account.AVAILABLE,
        TransferRow.target.in_((Account.REVERSED, Account.ISSUED)),
    )
    return union(select(lots.c.member_id).where(lots.c.before > lots.c.ends_at), taken_back)


def _replayed(session: Session, shop_id: ShopId, starts: list[datetime]) -> dict[int, int]:
    query = select(Member.id).where(
        Member.shop_id == shop_id,
        Member.available > 0,
        Member.id.in_(_disorderly(_lots(shop_id), shop_id)),
    )
    ids = list(session.scalars(query))
    found: dict[int, int] = {}
    for first in range(0, len(ids), REPLAYED_AT_ONCE):
        some = ids[first : first + REPLAYED_AT_ONCE]
        posted = (
            select(TransferRow)
            .where(TransferRow.shop_id == shop_id, TransferRow.member_id.in_(some))
            .order_by(TransferRow.member_id, TransferRow.number)
        )
        for _member, ledger in groupby(session.scalars(posted), lambda row: row.member_id):
            for lot in holding(row.as_transfer for row in ledger).lots:
                place = bisect_right([*starts, NEVER], lot.expires_at or NEVER) - 1
                found[place] = found.get(place, 0) + lot.points
    return found
