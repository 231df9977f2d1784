"""Give again what a tier promised and the platform would not make, once its cause is mended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import NotOwed
from app.domain.program import Program
from app.domain.rewards import PAID_ONLY, Reward
from app.domain.sentence import Sentence as _
from app.loyalty.give_entry import OVER
from app.loyalty.hand_out import Handed, hand_for_tier, told
from app.loyalty.settle_redemption import lock_redemption
from app.models.effect import close_given_up
from app.models.entry_reward import entry_rewards
from app.models.fact import FactKind, journal
from app.models.member import Member
from app.models.program import Programs
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop


def give_again(
    session: Session, shop: Shop, redemption_id: UUID, *, handed: Handed | None = None, at: datetime
) -> Redemption:
    """Make another redemption in the place of one that the platform refused; twice is once.

    It is the reward as the program has it by now, which is where a merchant mends it. Raises
    UnknownRedemption, and NotOwed for what nobody is owed, or what the program no longer has.
    """
    redemption, member = lock_redemption(session, shop.id, redemption_id)
    instead = _in_its_place(session, redemption)
    if instead is not None:
        return instead
    if not redemption.is_owed or not is_deserved(session, member, redemption):
        raise NotOwed(_("The reward {code} is not owed any more.").format(code=redemption.code))
    programs = Programs(session, shop.id)
    number = programs.number_at(at)
    program = programs.revision(number)
    given = hand_for_tier(
        session,
        shop,
        member,
        _mended(program, redemption),
        (str(redemption.entry_order_id), str(redemption.entry_tier)),
        program=program,
        revision=number,
        handed=handed,
        at=at,
    )
    redemption.state = RedemptionState.CANCELED
    close_given_up(session, shop.id, str(redemption_id), at=at)
    fact = {"redemption": str(redemption_id), **told(given)}
    journal(session, shop.id, FactKind.GIVEN_AGAIN, fact, at=at)
    return given


def is_deserved(session: Session, member: Member, redemption: Redemption) -> bool:
    """Whether a locked member is still to have what a tier gives, and has it in no other way."""
    entered_by = member.entered.get(str(redemption.entry_tier))
    is_entered = entered_by is not None and entered_by == redemption.entry_order_id
    named = member.customer_id is not None
    return named and is_entered and _in_its_place(session, redemption) is None


def _in_its_place(session: Session, redemption: Redemption) -> Redemption | None:
    """What else was given for the same tier and order and is of use; None when nothing was."""
    if redemption.entry_order_id is None:
        return None
    given = entry_rewards(session, redemption.shop_id, order_ids=[redemption.entry_order_id])
    others = [one for one in given if one.entry_tier == redemption.entry_tier]
    return next((one for one in others if one.state not in OVER), None)


def reward_by_now(program: Program, redemption: Redemption) -> Reward | None:
    """The reward as it is now, or what the tier gives in its place by now; None without either."""
    tier = program.tiers.named(redemption.entry_tier)
    codes = (redemption.reward_code, tier.entry_reward if tier is not None else None)
    rewards = [program.reward(code) for code in codes if code is not None]
    found = [reward for reward in rewards if reward is not None and reward.kind not in PAID_ONLY]
    return found[0] if found else None


def _mended(program: Program, redemption: Redemption) -> Reward:
    """What to give by now. Raises NotOwed."""
    reward = reward_by_now(program, redemption)
    if reward is None:
        told = _("The program has no {reward} any more. Put it back, or give something by hand.")
        raise NotOwed(told.format(reward=redemption.reward_code))
    return reward
