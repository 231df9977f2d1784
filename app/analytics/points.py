"""How points moved in a time, and who moved any."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.analytics.period import Period, rows_of, step_of, whole
from app.domain.ledger import Account, Reason
from app.models.base import ShopId
from app.models.transfer import TransferRow

DEEDS = (Reason.ORDER, Reason.ACTION, Reason.REDEEM, Reason.SPEND, Reason.DONATE)
"""What makes a member an active one; joining alone does not."""


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
