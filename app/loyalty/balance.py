"""What a member can spend at an instant, before or after the chore that expires points came by.

A lot is over at its instant, not when somebody gets round to noting it: so whoever shows or spends
points asks here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.lots import Lot, holding
from app.domain.settlement import is_inactive
from app.models.member import Member
from app.models.program import Programs
from app.models.transfer import transfers_of


@dataclass(frozen=True, slots=True)
class Balance:
    """Points that can be spent, negative for who owes; and when how many of them expire next."""

    points: int
    next_expiry: tuple[datetime, int] | None


def balance_at(session: Session, programs: Programs, member: Member, *, at: datetime) -> Balance:
    """A member's balance at an instant; nothing is written."""
    over = lots_over(session, programs, member, at=at)
    if over:
        held = holding(transfers_of(session, member.shop_id, member.id)).without(over)
        return Balance(held.balance, held.next_expiry)
    return Balance(member.available, member.next_expiry)


def is_over(programs: Programs, member: Member, *, at: datetime) -> bool:
    """Whether any of a member's points are over at an instant, and not noted as expired yet."""
    return _has_lapsed(member, at) or _is_inactive(programs, member, at)


def _has_lapsed(member: Member, at: datetime) -> bool:
    return member.next_expiry_at is not None and member.next_expiry_at <= at


def _is_inactive(programs: Programs, member: Member, at: datetime) -> bool:
    return member.available > 0 and is_inactive(
        programs.at(at).expiry, member.active_at, at, programs.zone
    )


def lots_over(session: Session, programs: Programs, member: Member, *, at: datetime) -> list[Lot]:
    """The lots of a member that are over at an instant, and not noted as expired yet.

    The instant of expiry is included. Only who has such pays for the replay of their transfers.
    """
    if not is_over(programs, member, at=at):
        return []
    held = holding(transfers_of(session, member.shop_id, member.id))
    return list(held.lots) if _is_inactive(programs, member, at) else held.expired(at)
