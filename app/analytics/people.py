"""Members as a crowd: in which tier, how they moved, in which stage of life, who comes again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.analytics.period import Period, rows_of, step_of
from app.analytics.purchases import per_buyer
from app.domain.segments import Stage, Stages
from app.domain.tiers import Tiers
from app.models.base import ShopId
from app.models.member import Member
from app.models.redemption import Redemption
from app.models.tier_change import TierChange

REDEEMING, EARNING, GUESTS = "redeeming", "earning", "guests"
GROUPS = (REDEEMING, EARNING, GUESTS)


def by_tier(session: Session, shop_id: ShopId) -> dict[str, int]:
    """How many customers are in each tier now; under "" those in none."""
    query = (
        select(Member.tier, func.count())
        .where(Member.shop_id == shop_id, Member.customer_id.is_not(None))
        .group_by(Member.tier)
    )
    return {str(tier or ""): int(count) for tier, count in rows_of(session, query)}


def moves(
    session: Session, shop_id: ShopId, period: Period, tiers: Tiers
) -> dict[str, tuple[int, int]]:
    """How often members rose to, and fell to, each tier in a time."""
    query = (
        select(TierChange.old_tier, TierChange.new_tier, func.count())
        .where(TierChange.shop_id == shop_id)
        .where(TierChange.at >= period.since, TierChange.at < period.until)
        .group_by(TierChange.old_tier, TierChange.new_tier)
    )
    places = {tier.code: place for place, tier in enumerate(tiers.ladder)}
    found: dict[str, tuple[int, int]] = {}
    for old, new, count in rows_of(session, query):
        rose, fell = found.get(new or "", (0, 0))
        is_rise = places.get(new, -1) > places.get(old, -1)
        change = (int(count), 0) if is_rise else (0, int(count))
        found[new or ""] = (rose + change[0], fell + change[1])
    return found


def by_stage(
    session: Session, shop_id: ShopId, stages: Stages, *, at: datetime
) -> Mapping[str, int]:
    """How many customers are in each stage of life, by what they bought until an instant."""
    bought = per_buyer(shop_id, None, at)
    stage = case(
        (bought.c.orders.is_(None), literal(Stage.PROSPECT.value)),
        (bought.c.last_at <= at - timedelta(days=stages.lost_days), literal(Stage.LOST.value)),
        (
            bought.c.last_at <= at - timedelta(days=stages.at_risk_days),
            literal(Stage.AT_RISK.value),
        ),
        (bought.c.orders >= stages.loyal_orders, literal(Stage.LOYAL.value)),
        (bought.c.orders == 1, literal(Stage.FIRST_TIME.value)),
        else_=literal(Stage.RETURNING.value),
    )
    query = (
        select(stage, func.count())
        .select_from(Member)
        .outerjoin(bought, bought.c.buyer == Member.id)
        .where(Member.shop_id == shop_id, Member.customer_id.is_not(None))
        .group_by(stage)
    )
    return {str(name): int(count) for name, count in rows_of(session, query)}


def repeating(session: Session, shop_id: ShopId, period: Period) -> list[tuple[str, int, int]]:
    """For each group: who bought in a time, and of them who did so at least twice."""
    bought = per_buyer(shop_id, period.since, period.until)
    redeemers = (
        select(Redemption.member_id)
        .where(Redemption.shop_id == shop_id, Redemption.created_at < period.until)
        .where(or_(Redemption.spent > 0, Redemption.donated > 0))
        .distinct()
        .cte("redeemer")
    )
    group = case(
        (Member.customer_id.is_(None), literal(GUESTS)),
        (redeemers.c.member_id.is_not(None), literal(REDEEMING)),
        else_=literal(EARNING),
    )
    query = (
        select(group, func.count(), func.count(case((bought.c.orders >= 2, 1))))
        .select_from(bought)
        .join(Member, and_(Member.shop_id == shop_id, Member.id == bought.c.buyer))
        .outerjoin(redeemers, redeemers.c.member_id == bought.c.buyer)
        .group_by(group)
    )
    found = {name: (int(all_), int(again)) for name, all_, again in rows_of(session, query)}
    return [(name, *found.get(name, (0, 0))) for name in GROUPS]


def members_ever(session: Session, shop_id: ShopId) -> int:
    """How many members there are, guests and those who are forgotten among them."""
    return session.scalar(select(func.count()).where(Member.shop_id == shop_id)) or 0


def joined_by_step(session: Session, shop_id: ShopId, period: Period) -> list[int]:
    """How many members joined in each step of a time."""
    starts = [period.midnight(day) for day in period.steps]
    step = step_of(Member.joined_at, starts)
    query = (
        select(step, func.count())
        .where(Member.shop_id == shop_id, Member.joined_at >= period.since)
        .group_by(step)
    )
    found = [0] * len(starts)
    for place, count in rows_of(session, query):
        found[place] = int(count)
    return found
