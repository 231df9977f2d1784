"""Look again at members whose tier may end by time alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loyalty.expire import expire_over
from app.loyalty.measure import measure, rank_all
from app.models.fact import FactKind, journal
from app.models.member import Member
from app.models.program import Programs
from app.models.shop import Shop

BATCH = 500


def retier(session: Session, shop: Shop, *, at: datetime) -> int:
    """Let up to a batch of members rise, stay or fall whose tier is due; returns how many."""
    query = (
        select(Member.id)
        .where(Member.shop_id == shop.id, Member.tier_due_at <= at)
        .order_by(Member.tier_due_at, Member.id)
        .limit(BATCH)
    )
    return look_again(session, shop, list(session.scalars(query)), at=at)


def look_again(session: Session, shop: Shop, member_ids: Sequence[UUID], *, at: datetime) -> int:
    """Let these members rise, stay or fall; returns how many there are."""
    members = expire_over(session, shop, member_ids, at=at) if member_ids else {}
    if not members:
        return 0
    programs = Programs(session, shop.id)
    measured = measure(session, shop.id, members, programs, (at, at))
    rank_all(session, members.values(), measured, programs.at(at).tiers, at=at)
    fact = {"members": [str(member_id) for member_id in members]}
    journal(session, shop.id, FactKind.RETIERED, fact, at=at)
    return len(members)
