"""Take in what a shop's other tools tell: a deed of a customer, or points given by hand.

Each has a key, which the shop can use once: so a tool that has heard no answer tells it again, and
finds out what came of it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import (
    ActionClosed,
    KeyReused,
    ProgramNotLive,
    ProgramPaused,
    UnknownAction,
    UnknownMember,
)
from app.domain.ledger import Account
from app.domain.program import Program
from app.domain.rules import ActionKind, ActionRule
from app.domain.sentence import Sentence as _
from app.loyalty.act import act, deed_key
from app.loyalty.adjust import adjust, adjustment_key
from app.loyalty.expire import lock_customer_at
from app.models.held_names import hold_names
from app.models.member import Member, members_by_id
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import row_by_key

_UNKNOWN = _("There is no such member.")
_REUSED = _("This Idempotency-Key was used before, for something else.")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: points, which were given before if this was told `again`.

    `why_none` is the reason for a zero; empty where there are points.
    """

    member_id: UUID
    points: int
    again: bool = False
    why_none: str = ""


def tell_deed(
    session: Session, shop: Shop, customer_id: str, action_code: str, *, key: str, at: datetime
) -> Told:
    """Points for a deed that a tool has seen; none, and why, when a limit is reached.

    Only what brought points uses up its key: what was in vain may be told again another day. Raises
    UnknownMember, UnknownAction (also for birthdays, which nobody has to tell), ProgramNotLive,
    ProgramPaused, and KeyReused.
    """
    member = _locked(session, shop, customer_id, deed_key(action_code, key), at=at)
    before = _before(session, shop, member, deed_key(action_code, key))
    if before is not None:
        return Told(member.id, before, again=True)
    program = Programs(session, shop.id).at(at)
    _check_in(program, member)
    _check_rewarded(program, action_code)
    try:
        return Told(member.id, act(session, shop, member.id, action_code, key=key, at=at))
    except ActionClosed as closed:
        return Told(member.id, 0, why_none=closed.message)


def tell_adjustment(
    session: Session,
    shop: Shop,
    customer_id: str,
    points: int,
    *,
    note: str,
    key: str,
    at: datetime,
) -> Told:
    """Give points to a customer, or take them with a negative number.

    Raises UnknownMember, NotEnoughPoints, and KeyReused.
    """
    member = _locked(session, shop, customer_id, adjustment_key(key), at=at)
    before = _before(session, shop, member, adjustment_key(key))
    if before is None:
        _check_in(Programs(session, shop.id).at(at), member)
        adjust(session, shop, member.id, points, note=note, key=key, at=at)
    elif before != points:
        raise KeyReused(_REUSED)
    return Told(member.id, points, again=before is not None)


def told_actions(program: Program) -> list[ActionRule]:
    """What a program rewards that somebody has to tell; nobody tells a birthday."""
    return [action for action in program.actions if action.kind is not ActionKind.BIRTHDAY]


def _locked(session: Session, shop: Shop, customer_id: str, key: str, *, at: datetime) -> Member:
    # First the key: of two who use it for two members, one waits and is then refused.
    hold_names(session, shop.id, [key])
    member = lock_customer_at(session, shop, customer_id, at=at)
    if member is None:
        raise UnknownMember(_UNKNOWN)
    return member


def _before(session: Session, shop: Shop, member: Member, key: str) -> int | None:
    """What a key has given this member before; None for one that is new. Raises KeyReused."""
    row = row_by_key(session, shop.id, key)
    if row is None:
        return None
    had = members_by_id(session, shop.id, [row.member_id])[row.member_id]
    if member.id not in (had.id, had.merged_into):
        raise KeyReused(_REUSED)
    return row.as_transfer.change_of(Account.AVAILABLE)


def _check_in(program: Program, member: Member) -> None:
    # A tool does not see who is held out either; what it told before is answered all the same.
    if member.is_held_out(program):
        raise UnknownMember(_UNKNOWN)


def _check_rewarded(program: Program, action_code: str) -> None:
    if not program.live:
        raise ProgramNotLive(_("The program has not begun yet."))
    if program.paused:
        raise ProgramPaused(_("The program is paused: nobody earns or spends points."))
    if action_code not in {action.code for action in told_actions(program)}:
        raise UnknownAction(_("There is no action {code}.").format(code=action_code))
