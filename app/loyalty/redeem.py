"""Redeem a reward: points are held, and a code is on its way."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import (
    KeyReused,
    ProgramNotLive,
    ProgramPaused,
    RewardClosed,
    UnknownMember,
    UnknownReward,
)
from app.domain.ledger import Account
from app.domain.lots import holding
from app.domain.program import Program
from app.domain.rewards import Offer, Reward, Way, offer
from app.domain.settlement import Position
from app.loyalty.expire import lock_customer_at
from app.loyalty.hand_out import Handed, hand_out, told
from app.loyalty.measure import rank_by_balance
from app.loyalty.settle_redemption import move_points
from app.loyalty.used_up import used_up
from app.models.base import Document
from app.models.fact import FactKind, journal
from app.models.member import Member
from app.models.program import Programs
from app.models.redemption import Redemption, redemption_by_key
from app.models.shop import Shop
from app.models.transfer import transfers_of


def redeem(
    session: Session,
    shop: Shop,
    *,
    customer_id: str,
    reward_code: str,
    request_key: str,
    code: str,
    asked_points: int | None = None,
    withheld: Collection[str] = (),
    handed: Handed | None = None,
    at: datetime,
) -> Redemption:
    """Hold the points now and queue what they bought; a code made ahead is handed out at once.

    The code is ours to choose, so the customer can be shown it before the platform has it. Asking
    again with the same request key returns the first answer, whatever is `withheld` by now. Raises
    NotEnoughPoints, UnknownReward, RewardClosed (also for codes that are withheld, since the
    platform could not give them), ProgramNotLive, ProgramPaused, UnknownMember, and KeyReused.
    """
    programs = Programs(session, shop.id)
    number, program = programs.number_at(at), programs.at(at)
    member = _locked(session, shop, customer_id, at)
    before = redemption_by_key(session, shop.id, member.id, request_key)
    if before is not None:
        return _same(before, reward_code, asked_points)
    reward = _open_reward(session, program, member, reward_code, withheld)
    bought = offer(reward, member.available, asked_points)
    redemption = hand_out(
        session,
        shop,
        member,
        reward,
        bought,
        program=program,
        revision=number,
        request_key=request_key,
        code=code,
        handed=handed,
        at=at,
        asked_points=asked_points,
        points_expire_at=_latest_expiry(session, member, bought.cost_points),
    )
    move_points(session, member, redemption, _paid(reward, bought), at=at)
    rank_by_balance(session, member, programs, at=at)
    session.flush()
    journal(session, shop.id, FactKind.REDEEMED, _fact(redemption), at=at)
    return redemption


def _same(before: Redemption, reward_code: str, asked_points: int | None) -> Redemption:
    if (before.reward_code, before.asked_points) != (reward_code, asked_points):
        raise KeyReused("This request key belongs to another request.")
    return before


def _fact(redemption: Redemption) -> Document:
    return {
        **told(redemption),
        "member": str(redemption.member_id),
        "reward_code": redemption.reward_code,
        "request_key": redemption.request_key,
        "asked_points": redemption.asked_points,
    }


def _paid(reward: Reward, bought: Offer) -> Position:
    """Where the points go: what is given away at once does not wait for anything."""
    into = Account.DONATED if reward.way is Way.AT_ONCE else Account.HELD
    return {Account.AVAILABLE: -bought.cost_points, into: bought.cost_points}


def _locked(session: Session, shop: Shop, customer_id: str, at: datetime) -> Member:
    member = lock_customer_at(session, shop, customer_id, at=at)
    if member is None:
        raise UnknownMember("You are not a member yet; your first order makes you one.")
    return member


def _open_reward(
    session: Session,
    program: Program,
    member: Member,
    reward_code: str,
    withheld: Collection[str],
) -> Reward:
    if not program.live:
        raise ProgramNotLive("The program has not begun yet.")
    if program.paused:
        raise ProgramPaused("The program is paused; points can be spent again when it goes on.")
    reward = program.reward(reward_code)
    if reward is None:
        raise UnknownReward(f"There is no reward {reward_code[:40]!r}.")
    if reward.code in withheld:
        raise RewardClosed("The shop has yet to allow this reward to be given.")
    gate = program.tiers.named(reward.tier)
    if gate and program.tiers.rank(program.tiers.named(member.tier)) < program.tiers.rank(gate):
        raise RewardClosed(f"{reward.name} is for {gate.name} and above.")
    if used_up(session, member, [reward]):
        raise RewardClosed(f"{reward.name} can be had {reward.per_member} times.")
    return reward


def _latest_expiry(session: Session, member: Member, points: int) -> datetime | None:
    """When the last of the points that are taken now would have expired; None is never.

    They may come from several lots; who gets them back gets the longest life among them.
    """
    if member.next_expiry_at is None:
        return None
    latest = None
    for lot in holding(transfers_of(session, member.shop_id, member.id)).lots:
        latest = lot.expires_at
        points -= lot.points
        if points <= 0:
            break
    return latest
