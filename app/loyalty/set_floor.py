"""Set a tier below which a member does not fall, with a reason and, if wanted, an end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import UnknownMember, UnknownTier
from app.domain.sentence import Sentence as _
from app.loyalty.expire import lock_at
from app.loyalty.measure import measure, rank_all
from app.models.fact import FactKind, journal
from app.models.program import Programs
from app.models.shop import Shop


def set_floor(
    session: Session,
    shop: Shop,
    member_id: UUID,
    tier: str | None,
    *,
    reason: str,
    until: datetime | None = None,
    at: datetime,
) -> None:
    """Hold a member at a tier or above; None lifts the floor. Rising goes on by itself.

    A tier reached by a floor earns no entry reward. Raises UnknownMember and UnknownTier.
    """
    programs = Programs(session, shop.id)
    tiers = programs.at(at).tiers
    if tier is not None and tiers.named(tier) is None:
        raise UnknownTier(_("There is no tier “{tier}”.").format(tier=tier[:40]))
    member = lock_at(session, shop, member_id, at=at)
    if member is None:
        raise UnknownMember(_("There is no such member."))
    member.floor_tier = tier
    member.floor_until = until if tier is not None else None
    member.floor_reason = reason[:200] if tier is not None else None
    measured = measure(session, shop.id, [member.id], programs, (at, at))
    rank_all(session, [member], measured, tiers, at=at)
    # Not the reason: it is about a person, and nothing is decided by it.
    fact = {"member": str(member.id), "tier": tier, "until": until.isoformat() if until else None}
    journal(session, shop.id, FactKind.FLOOR, fact, at=at)
