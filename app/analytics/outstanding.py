"""Points that members have now, and when they will end."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.analytics.period import rows_of, step_of, whole
from app.domain.ledger import Account
from app.domain.lots import holding
from app.models.base import Instant, ShopId
from app.models.member import Member, member_figures
from app.models.transfer import TransferRow, ledgers_of

REPLAYED_AT_ONCE = 500
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


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
    where each lot ends no sooner than the one before it, what is left are the last ones, less what
    their orders took back, and the database adds them up; the few other members are replayed.
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
    lots = _left_lots(shop_id)
    older = lots.c.newer - lots.c.points
    left = case((lots.c.newer <= Member.available, lots.c.points), else_=Member.available - older)
    step = step_of(lots.c.ends_at, [*starts, NEVER])
    query = (
        select(step, func.sum(left))
        .join(Member, and_(Member.shop_id == shop_id, Member.id == lots.c.member_id))
        .where(older < Member.available, lots.c.disorder == 0)
        .group_by(step)
    )
    return {place: whole(points) for place, points in rows_of(session, query)}


def disorderly(session: Session, shop_id: ShopId) -> list[UUID]:
    """Members who have points and of whom something else is left than the last lots.

    A lot of theirs ends before an earlier one, or an order has several that end at other times, or
    has taken back more than its own.
    """
    lots = _left_lots(shop_id)
    query = (
        select(lots.c.member_id)
        .join(Member, and_(Member.shop_id == shop_id, Member.id == lots.c.member_id))
        .where(lots.c.disorder > 0, Member.available > 0)
        .distinct()
        .order_by(lots.c.member_id)
    )
    return list(session.scalars(query))


def _left_lots(shop_id: ShopId) -> CTE:
    """Each lot less what its order took back, and all that came after it together.

    `disorder` is above 0 for all lots of a member who has to be replayed.
    """
    lots, taken = _lots(shop_id), _taken_back(shop_id)
    points = lots.c.points - func.coalesce(taken.c.points, 0)
    whose = lots.c.member_id
    is_odd = or_(lots.c.is_early > 0, lots.c.ends_at < lots.c.last_end, points < 0)
    return (
        select(
            whose,
            points.label("points"),
            lots.c.ends_at,
            func.sum(points).over(partition_by=whose, order_by=lots.c.number.desc()).label("newer"),
            func.max(case((is_odd, 1), else_=0)).over(partition_by=whose).label("disorder"),
        )
        .outerjoin(taken, and_(taken.c.member_id == whose, taken.c.order_id == lots.c.order_id))
        .cte("left_lot")
    )


def _lots(shop_id: ShopId) -> CTE:
    """What became available, order by order, since an order takes back from all that it gave."""
    row = _ends(shop_id)
    one = func.coalesce(row.c.order_id, row.c.key)
    return (
        select(
            row.c.member_id,
            func.min(row.c.order_id).label("order_id"),
            func.min(row.c.number).label("number"),
            func.sum(row.c.points).label("points"),
            func.min(row.c.ends_at, type_=Instant()).label("ends_at"),
            func.max(row.c.ends_at, type_=Instant()).label("last_end"),
            func.max(case((row.c.before > row.c.ends_at, 1), else_=0)).label("is_early"),
        )
        .group_by(row.c.member_id, one)
        .cte("lot")
    )


def _ends(shop_id: ShopId) -> CTE:
    """What became available, when it ends, and when the one before it ends."""
    ends_at: ColumnElement[datetime] = func.coalesce(
        TransferRow.expires_at, literal(NEVER, Instant())
    )
    before = func.lag(ends_at, type_=Instant()).over(
        partition_by=TransferRow.member_id, order_by=TransferRow.number
    )
    return (
        select(
            TransferRow.member_id,
            TransferRow.number,
            TransferRow.key,
            TransferRow.order_id,
            TransferRow.points,
            ends_at.label("ends_at"),
            before.label("before"),
        )
        .where(TransferRow.shop_id == shop_id, TransferRow.target == Account.AVAILABLE)
        .cte("given")
    )


def _taken_back(shop_id: ShopId) -> CTE:
    """What orders took of what was available."""
    return (
        select(
            TransferRow.member_id,
            TransferRow.order_id,
            func.sum(TransferRow.points).label("points"),
        )
        .where(
            TransferRow.shop_id == shop_id,
            TransferRow.source == Account.AVAILABLE,
            TransferRow.order_id.is_not(None),
        )
        .group_by(TransferRow.member_id, TransferRow.order_id)
        .cte("taken_back")
    )


def _replayed(session: Session, shop_id: ShopId, starts: list[datetime]) -> dict[int, int]:
    ids = disorderly(session, shop_id)
    found: dict[int, int] = {}
    for first in range(0, len(ids), REPLAYED_AT_ONCE):
        some = ids[first : first + REPLAYED_AT_ONCE]
        for ledger in ledgers_of(session, shop_id, some).values():
            for lot in holding(ledger).lots:
                place = bisect_right([*starts, NEVER], lot.expires_at or NEVER) - 1
                found[place] = found.get(place, 0) + lot.points
    return found
