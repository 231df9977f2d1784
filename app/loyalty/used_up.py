"""Which rewards a member has had as often as they may."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.rewards import Reward
from app.models.member import Member
from app.models.redemption import Redemption, RedemptionState

GIVEN_BACK = (RedemptionState.CANCELED, RedemptionState.EXPIRED, RedemptionState.FAILED)


def used_up(session: Session, member: Member, rewards: Collection[Reward]) -> list[Reward]:
    """Those of the rewards that this member cannot have again.

    What came back does not count, nor what a tier gave.
    """
    limited = [reward for reward in rewards if reward.per_member is not None]
    if not limited:
        return []
    query = (
        select(Redemption.reward_code, func.count())
        .where(
            Redemption.shop_id == member.shop_id,
            Redemption.member_id == member.id,
            Redemption.reward_code.in_([reward.code for reward in limited]),
            Redemption.state.not_in(GIVEN_BACK),
            Redemption.entry_tier.is_(None),
        )
        .group_by(Redemption.reward_code)
    )
    had = dict(session.execute(query).all())
    return [reward for reward in limited if had.get(reward.code, 0) >= (reward.per_member or 0)]
