"""Look again at members whose tier may end by time alone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loyalty.measure import measure, rank
from app.models.member import Member, lock_members
from app.models.program import Programs
from app.models.shop import Shop

BATCH = 500


def retier(session: Session, shop: Shop, *, at: datetime) -> int:
    """Let up to a batch of members rise, stay or fall whose tier is due; returns how many."""
    query = (
        select(Member.id)
        .where(Member.shop_id == shop.id, Member.tier_due_at <= at)
        .order_by(Member.tier_due_at)
        .limit(BATCH)
    )
    members = lock_members(session, shop.id, list(session.scalars(query)))
    if not members:
        return 0
    programs = Programs(session, shop.id)
    measured = measure(session, shop.id, members, programs, (at, at))
    for member in members.values():
        rank(session, member, measured, programs.at(at).tiers, at=at)
    return len(members)
