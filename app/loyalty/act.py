"""Give points for what a member did beside buying: each deed once, within the action's limits."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.calendar import day_start
from app.domain.errors import ActionClosed, UnknownAction, UnknownMember
from app.domain.ledger import Account, Reason, Transfer
from app.domain.rules import BIRTHDAY_KEPT_DAYS, BIRTHDAY_NOTICE_DAYS, ActionKind, ActionRule
from app.domain.sentence import Sentence as _
from app.domain.settlement import expires_at
from app.loyalty.expire import lock_at
from app.loyalty.measure import rank_by_balance
from app.loyalty.post import post
from app.models.fact import FactKind, journal
from app.models.member import Member, lock_members, members_with_birthday
from app.models.program import Programs, latest_number
from app.models.shop import Shop
from app.models.tally import lock_tallies
from app.models.transfer import deeds_of, taken_keys


def act(
    session: Session, shop: Shop, member_id: UUID, action_code: str, *, key: str, at: datetime
) -> int:
    """Points for a deed; zero for one whose key was rewarded before.

    Raises UnknownAction and UnknownMember, and ActionClosed when a limit is reached.
    """
    programs = Programs(session, shop.id)
    number = programs.number_at(at)
    program = programs.revision(number)
    action = program.action(action_code)
    if action is None or not program.is_open:
        raise UnknownAction(_("There is no action {code}.").format(code=action_code[:40]))
    member = lock_at(session, shop, member_id, at=at)
    if member is None:
        raise UnknownMember(_("There is no such member."))
    if member.is_held_out(program):
        raise ActionClosed(_("This member is in the holdout, and earns nothing while it runs."))
    fact = {"member": str(member_id), "action": action.code, "key": key}
    key = deed_key(action.code, key)
    if taken_keys(session, shop.id, [key]):
        return 0
    _check_limits(session, shop, member, action, at)
    transfer = Transfer(
        key=key,
        source=Account.ISSUED,
        target=Account.AVAILABLE,
        points=_within_budget(session, shop, action),
        occurred_at=at,
        reason=Reason.ACTION,
        revision=number,
        expires_at=expires_at(program.expiry, at, shop.zone),
        note=action.code,
    )
    post(session, member, [transfer])
    rank_by_balance(session, member, programs, at=at)
    journal(session, shop.id, FactKind.ACTED, fact, at=at)
    return transfer.points


def deed_key(action_code: str, key: str) -> str:
    """By which key the ledger holds a deed."""
    return f"action:{action_code}:{key}"[:200]


def _check_limits(
    session: Session, shop: Shop, member: Member, action: ActionRule, at: datetime
) -> None:
    """Refuse what a member has done often enough, today by the shop's clock or in all."""
    if action.per_day is None and action.per_lifetime is None:
        return
    deeds = deeds_of(session, shop.id, member.id, action.code)
    today = day_start(at, shop.zone)
    done_today = sum(1 for moment in deeds if moment >= today)
    for limit, done, said in (
        (action.per_lifetime, len(deeds), _("{code} has given points {done} of {limit} times.")),
        (action.per_day, done_today, _("{code} has given points {done} of {limit} times today.")),
    ):
        if limit is not None and done >= limit:
            raise ActionClosed(said.format(code=action.code, done=done, limit=limit))


def _within_budget(session: Session, shop: Shop, action: ActionRule) -> int:
    """The points of an action, or what is left of its budget. Raises ActionClosed at nothing."""
    if action.budget_points is None:
        return action.points
    code = f"action:{action.code}"[:40]
    tally = lock_tallies(session, shop.id, [code])[code]
    points = min(action.points, action.budget_points - tally.given)
    if points < 1:
        raise ActionClosed(_("The budget of {code} is used up.").format(code=action.code))
    tally.given += points
    return points


def enter_birthday(
    session: Session, shop: Shop, member_id: UUID, month: int, day: int, *, at: datetime
) -> None:
    """Note a member's birthday; a change begins the waiting time anew.

    Raises UnknownMember, and ActionClosed for a change within a year of the last.
    """
    member = lock_members(session, shop.id, [member_id]).get(member_id)
    if member is None:
        raise UnknownMember("There is no such member.")
    birthday = f"{month:02d}-{day:02d}"
    if member.birthday == birthday:
        return
    if not birthday_is_open(member, at=at):
        raise ActionClosed("A birthday can be changed once a year.")
    member.birthday = birthday
    member.birthday_entered_at = at


def birthday_is_open(member: Member, *, at: datetime) -> bool:
    """Whether a member's birthday may be entered or changed now."""
    entered = member.birthday_entered_at
    return entered is None or entered + timedelta(days=BIRTHDAY_KEPT_DAYS) <= at


def congratulate(session: Session, shop: Shop, *, at: datetime) -> int:
    """Give today's birthday points, once a year; returns how many members got them.

    A birthday that was entered less than thirty days ago waits for next year. Who was born on the
    29th of February has their day on the 1st of March in other years.
    """
    if not latest_number(session, shop.id):
        return 0
    program = Programs(session, shop.id).at(at)
    rules = [action for action in program.actions if action.kind is ActionKind.BIRTHDAY]
    if not rules or not program.is_open:
        return 0
    today = at.astimezone(shop.zone)
    days = [f"{today.month:02d}-{today.day:02d}"]
    if (today.month, today.day) == (3, 1) and (today - timedelta(days=1)).day == 28:
        days.append("02-29")
    entered_before = at - timedelta(days=BIRTHDAY_NOTICE_DAYS)
    given = 0
    for member_id in members_with_birthday(session, shop.id, days, entered_before):
        for rule in rules:
            deeds = deeds_of(session, shop.id, member_id, rule.code)
            # They may have had it under another name, which was merged into this one since.
            if all(moment.astimezone(today.tzinfo).year < today.year for moment in deeds):
                key = f"{today.year}:{member_id}"
                given += _is_given(session, shop, member_id, rule.code, key=key, at=at)
    return given


def _is_given(
    session: Session, shop: Shop, member_id: UUID, code: str, *, key: str, at: datetime
) -> bool:
    """Whether a deed brought points; a limit that one member has reached holds up no other."""
    try:
        return act(session, shop, member_id, code, key=key, at=at) > 0
    except ActionClosed:
        return False
