"""What members measure towards their tiers, and the rise or fall that follows."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.tiers import Measure, Standing, Tier, Tiers, standing_after, window_start
from app.models.base import Document, ShopId
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.program import Programs
from app.models.purchase import measurables
from app.models.rows import insert_rows
from app.models.tier_change import TierChange


class Measured:
    """The orders of some members that count towards a tier, kept up to date in memory.

    Their days, months and years begin by the shop's clock. What tiers they rise and fall to is
    noted here, until it is written.
    """

    def __init__(self, programs: Programs) -> None:
        self.programs = programs
        self.zone = programs.zone
        self._orders: dict[UUID, dict[str, tuple[datetime, int, int]]] = {}
        self._holders: dict[str, UUID] = {}
        self._changes: list[Document] = []

    def add(self, member_id: UUID, order_id: str, facts: tuple[datetime, int, int]) -> None:
        """Take in one order: when it counts from, goods kept, points kept."""
        self._orders.setdefault(member_id, {})[order_id] = facts
        self._holders[order_id] = member_id

    def note(self, record: OrderRecord) -> None:
        """Take in what a record says now."""
        holder = self._holders.pop(record.order_id, None)
        if holder is not None:
            del self._orders[holder][record.order_id]
        if record.member_id is not None and record.counts_at is not None and not record.wiped:
            facts = (record.counts_at, record.spend_minor, record.posted_available)
            self.add(record.member_id, record.order_id, facts)

    def change(self, member: Member, old_tier: str | None, points: int, at: datetime) -> None:
        """Note that a member has come to their tier from another one, measuring so much."""
        self._changes.append(
            {
                "shop_id": member.shop_id,
                "member_id": member.id,
                "at": at,
                "old_tier": old_tier,
                "new_tier": member.tier,
                "measured": points,
            }
        )

    def write(self, session: Session) -> None:
        """Write down who has risen and fallen."""
        insert_rows(session, TierChange, self._changes)
        self._changes = []

    def of(self, member: Member, tiers: Tiers, at: datetime) -> int:
        """What a member measures at an instant, in the unit of the program's measure."""
        start = window_start(tiers, at, self.zone)
        counting = [
            (spend_minor, points)
            for counts_at, spend_minor, points in self._orders.get(member.id, {}).values()
            if start is None or counts_at >= start
        ]
        match tiers.measure:
            case Measure.SPEND:
                return sum(spend_minor for spend_minor, _ in counting)
            case Measure.POINTS:
                return sum(points for _, points in counting)
            case Measure.ORDERS:
                return sum(1 for spend_minor, _ in counting if spend_minor > 0)
            case Measure.BALANCE:
                return member.available


def measure(
    session: Session,
    shop_id: ShopId,
    member_ids: Collection[UUID],
    programs: Programs,
    moments: tuple[datetime, datetime],
) -> Measured:
    """What these members measure, good for any instant between two."""
    first, last = moments
    measured = Measured(programs)
    starts = [
        window_start(programs.at(moment).tiers, first, measured.zone) for moment in (first, last)
    ]
    since = None if None in starts else min(start for start in starts if start is not None)
    for member_id, order_id, counts_at, spend, points in measurables(
        session, shop_id, member_ids, since
    ):
        measured.add(member_id, order_id, (counts_at, spend, points))
    return measured


def rank(member: Member, measured: Measured, tiers: Tiers, *, at: datetime) -> tuple[Tier, ...]:
    """Let a locked member rise or fall to where they belong, and note it with what is measured.

    At the latest they are looked at again when another ladder comes into force by plan. Returns the
    tiers they passed on the way up.
    """
    points = measured.of(member, tiers, at)
    before = Standing(member.tier, member.tier_since, member.tier_due_at)
    after = standing_after(
        tiers,
        before,
        points,
        at=at,
        zone=measured.zone,
        floor=member.floor_tier,
        floor_until=member.floor_until,
    )
    new_ladder_at = measured.programs.next_ladder_at(at)
    if new_ladder_at is not None:
        due_at = min(after.due_at or new_ladder_at, new_ladder_at)
        after = replace(after, due_at=due_at)
    if after == before:
        return ()
    member.tier, member.tier_since, member.tier_due_at = after.tier, after.since, after.due_at
    if after.tier == before.tier:
        return ()
    measured.change(member, before.tier, points, at)
    return tiers.passed(tiers.named(before.tier), tiers.named(after.tier))


def rank_all(
    session: Session, members: Iterable[Member], measured: Measured, tiers: Tiers, *, at: datetime
) -> None:
    """Let locked members rise or fall to where they belong, and write that down."""
    for member in members:
        rank(member, measured, tiers, at=at)
    measured.write(session)


def rank_by_balance(session: Session, member: Member, programs: Programs, *, at: datetime) -> None:
    """Rank a member whose balance has just changed, in a program that measures by it."""
    tiers = programs.at(at).tiers
    if tiers.measure is Measure.BALANCE:
        rank_all(session, [member], Measured(programs), tiers, at=at)
