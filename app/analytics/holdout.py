"""What the program adds: members beside those who were held out by chance at the same time."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import Float, and_, case, cast, func, select
from sqlalchemy.orm import Session

from app.analytics.period import Period, rows_of, whole
from app.domain.holdout import LEAST_BUYERS, LEAST_MEMBERS, Arm, Sample
from app.models.base import ShopId
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.program import ProgramRevision
from app.models.purchase import is_purchase


@dataclass(frozen=True, slots=True)
class Side:
    """The members of one side: how many they are, who bought after joining, and for how much."""

    members: int = 0
    buyers: int = 0
    revenue_minor: int = 0
    revenue_squares: float = 0.0

    @property
    def revenue(self) -> Sample:
        """What each has bought."""
        return Sample(self.members, self.revenue_minor, self.revenue_squares)

    @property
    def buying(self) -> Sample:
        """Whether each has bought: 1 or 0."""
        return Sample(self.members, self.buyers, float(self.buyers))


@dataclass(frozen=True, slots=True)
class HoldoutFigures:
    """The newest holdout; it goes on while `ended_at` is None."""

    percent: int
    began_at: datetime
    ended_at: datetime | None
    program: Side
    holdout: Side

    @property
    def is_early(self) -> bool:
        """Whether so few have joined or bought that an interval would promise too much."""
        return any(
            side.members < LEAST_MEMBERS or side.buyers < LEAST_BUYERS
            for side in (self.program, self.holdout)
        )


def holdout_figures(
    session: Session, shop_id: ShopId, period: Period, *, at: datetime
) -> HoldoutFigures | None:
    """What both sides bought in a time; None where nobody was ever held out.

    Whoever joined during the holdout counts with what they placed after joining and before it
    ended, in the period. Who was merged with somebody of the other side is on none.
    """
    run = _newest_run(session, shop_id, at)
    if run is None:
        return None
    percent, began_at, ended_at = run
    until = min(period.until, ended_at or period.until)
    sides = _sides(session, shop_id, began_at, max(period.since, began_at), until)
    return HoldoutFigures(
        percent,
        began_at,
        ended_at,
        sides.get(Arm.PROGRAM, Side()),
        sides.get(Arm.HOLDOUT, Side()),
    )


def _newest_run(
    session: Session, shop_id: ShopId, at: datetime
) -> tuple[int, datetime, datetime | None] | None:
    """The last time in which one share was held out: its percentage, beginning and end."""
    percent = func.coalesce(ProgramRevision.document["holdout_percent"].as_integer(), 0)
    query = (
        select(ProgramRevision.effective_at, percent)
        .where(ProgramRevision.shop_id == shop_id, ProgramRevision.effective_at <= at)
        .order_by(ProgramRevision.number.desc())
    )
    revisions = [(effective, int(share)) for effective, share in session.execute(query)]
    over = list(takewhile(lambda one: not one[1], revisions))
    rest = revisions[len(over) :]
    if not rest:
        return None
    share = rest[0][1]
    *_, (began_at, _share) = takewhile(lambda one: one[1] == share, rest)
    return share, began_at, over[-1][0] if over else None


def _sides(
    session: Session, shop_id: ShopId, began_at: datetime, since: datetime, until: datetime
) -> dict[str, Side]:
    bought = (
        select(Member.id, func.sum(OrderRecord.spend_minor).label("minor"))
        .join(OrderRecord, and_(OrderRecord.shop_id == shop_id, OrderRecord.member_id == Member.id))
        .where(Member.shop_id == shop_id, Member.arm.is_not(None), is_purchase())
        .where(OrderRecord.placed_at > Member.joined_at)
        .where(OrderRecord.placed_at >= since, OrderRecord.placed_at < until)
        .group_by(Member.id)
        .cte("bought_after")
    )
    minor = func.coalesce(bought.c.minor, 0)
    query = (
        select(
            Member.arm,
            func.count(),
            func.count(case((minor > 0, 1))),
            func.sum(minor),
            func.sum(cast(minor, Float) * cast(minor, Float)),
        )
        .outerjoin(bought, bought.c.id == Member.id)
        .where(Member.shop_id == shop_id, Member.arm.is_not(None))
        .where(Member.joined_at >= began_at, Member.joined_at < until)
        .group_by(Member.arm)
    )
    return {
        arm: Side(members, buyers, whole(total), float(squares or 0))
        for arm, members, buyers, total, squares in rows_of(session, query)
    }
