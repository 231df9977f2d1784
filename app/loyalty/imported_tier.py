"""The tier that somebody had in another program: a floor, as one that is set by hand."""

from datetime import datetime, tzinfo

from app.domain.calendar import months_after
from app.domain.tiers import Tiers, kept_until
from app.models.member import Member

Floor = tuple[str | None, datetime | None]
"""A tier below which a member does not fall, and until when."""
Floors = tuple[Floor, Floor]
"""The floor that was set, and the one before it."""


def hold_tier(
    member: Member, wanted: Floor, label: str, tiers: Tiers, zone: tzinfo, *, at: datetime
) -> Floors | None:
    """Hold a member at an imported tier; returns both floors, None when the one before stays.

    It holds as long as the table says, else as long as the program keeps a tier that is reached
    now: a year where it keeps none. A floor that is as high already stays, whoever set it.
    """
    tier, until = wanted
    before = (member.floor_tier, member.floor_until)
    holds = member.floor_until is None or at < member.floor_until
    height = tiers.rank(tiers.named(member.floor_tier)) if holds else -1
    if height >= tiers.rank(tiers.named(tier)):
        return None
    end = until or kept_until(tiers, at, zone)
    if end is not None and end <= at:
        end = None if until is not None else months_after(at, 12, zone)
        if end is None:
            return None
    member.floor_tier, member.floor_until, member.floor_reason = tier, end, label
    return (tier, end), before
