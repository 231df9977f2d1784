"""Cut a batch of facts where points are over in between: what comes after them finds them gone.

So the ledger does not depend on how facts were cut into batches, nor on when the chore that expires
points came by.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calendar import day_start
from app.domain.settlement import inactive_at
from app.loyalty.balance import is_over
from app.loyalty.expire import expire_first
from app.models.member import Member
from app.models.program import Programs
from app.models.shop import Shop


def comes_in_parts(
    session: Session, shop: Shop, moments: Sequence[datetime], *, is_new: bool
) -> bool:
    """Whether facts of these moments are known to be cut before whose they are is read.

    They are at a midnight, and when somebody new is among them and points end meanwhile: who comes
    after a cut is not there before it.
    """
    if within_a_day(moments, shop.zone) < len(moments):
        return True
    if not is_new or min(moments) == max(moments):
        return False
    programs, last = Programs(session, shop.id), max(moments)
    if inactive_at(programs.at(last).expiry, last, shop.zone) is not None:
        return True
    ending = (Member.next_expiry_at > min(moments)) & (Member.next_expiry_at <= last)
    query = select(Member.id).where(Member.shop_id == shop.id, ending)
    return session.scalars(query.limit(1)).first() is not None


def first_part(
    session: Session, shop: Shop, moments: Sequence[datetime], ahead: Mapping[UUID, Member]
) -> int:
    """How many facts come before the first cut, by their moments as they come.

    It is asked before anything is read: who comes after a cut is not there before it. What is over
    by now of members who were locked ahead is expired first.
    """
    first = within_a_day(moments, shop.zone)
    if not ahead:
        return first
    programs = Programs(session, shop.id)
    expire_first(session, shop, programs, ahead, at=moments[0])
    return max(1, before_any_are_over(programs, ahead.values(), moments[:first]))


def within_a_day(moments: Sequence[datetime], zone: tzinfo) -> int:
    """How many of some moments, as they come, precede the midnight, or the day, after the first."""
    if not moments:
        return 0
    last = day_after(moments[0], zone)
    return next((place for place, one in enumerate(moments) if one >= last), len(moments))


def day_after(first: datetime, zone: tzinfo) -> datetime:
    """The midnight after a moment, or a full day after it, whichever comes first.

    All points live for a day at least, or until a midnight of the shop's own: so those that arrive
    meanwhile last until then.
    """
    midnight = day_start(day_start(first, zone) + timedelta(hours=36), zone)
    return min(midnight, first + timedelta(days=1))


def before_any_are_over(
    programs: Programs, members: Iterable[Member], moments: Sequence[datetime]
) -> int:
    """How many of some moments, as they come, are gone through before points are over."""
    ending = [member for member in members if is_over(programs, member, at=max(moments))]
    ends = (
        place
        for place, moment in enumerate(moments)
        if any(is_over(programs, member, at=moment) for member in ending)
    )
    return next(ends, len(moments))
