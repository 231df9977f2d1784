"""Adjust a member's points by hand, with a reason that they and the accountant can read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import NotEnoughPoints, UnknownMember
from app.domain.ledger import Account, Reason, Transfer
from app.domain.sentence import Sentence as _
from app.domain.settlement import expires_at
from app.loyalty.expire import lock_at
from app.loyalty.measure import rank_by_balance
from app.loyalty.post import post
from app.models.adjustment_note import AdjustmentNote
from app.models.fact import FactKind, journal
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import taken_keys


def adjust(
    session: Session,
    shop: Shop,
    member_id: UUID,
    points: int,
    *,
    note: str,
    key: str,
    at: datetime,
) -> bool:
    """Give points to a member, or take them with a negative number.

    A key that was used before changes nothing; returns whether anything changed. Raises
    UnknownMember, and NotEnoughPoints when more would be taken than there is.
    """
    member = lock_at(session, shop, member_id, at=at)
    if member is None:
        raise UnknownMember(_("There is no such member."))
    fact = {"member": str(member_id), "points": points, "key": key}
    key = adjustment_key(key)
    if points == 0 or taken_keys(session, shop.id, [key]):
        return False
    if points < 0 and member.available < -points:
        facts = {"needed": -points, "available": member.available}
        said = _("{needed} points needed, {available} available.").format(**facts)
        raise NotEnoughPoints(said, **facts)
    programs = Programs(session, shop.id)
    number = programs.number_at(at)
    sides = (Account.ADJUSTED, Account.AVAILABLE)
    source, target = sides if points > 0 else sides[::-1]
    program = programs.revision(number)
    expiry = expires_at(program.expiry, at, shop.zone) if points > 0 else None
    transfer = Transfer(
        key=key,
        source=source,
        target=target,
        points=abs(points),
        occurred_at=at,
        reason=Reason.ADJUST,
        revision=number,
        expires_at=expiry,
    )
    # Not in the ledger, which is never changed: what was written about people can be forgotten.
    session.add(AdjustmentNote(shop_id=shop.id, member_id=member.id, key=key, note=note[:200]))
    post(session, member, [transfer])
    rank_by_balance(session, member, programs, at=at)
    journal(session, shop.id, FactKind.ADJUSTED, fact, at=at)
    return True


def adjustment_key(key: str) -> str:
    """By which key the ledger holds an adjustment."""
    return f"adjust:{key}"
