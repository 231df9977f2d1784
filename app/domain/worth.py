"""What points are worth in money: by the cheapest reward that is as good as money.

That is an amount off any order, a gift card or store credit; a product says only what it costs.
"""

from app.domain.program import Program
from app.domain.rewards import Reward, RewardKind

_MONEY = (
    RewardKind.AMOUNT_OFF,
    RewardKind.SLIDER,
    RewardKind.GIFT_CARD,
    RewardKind.STORE_CREDIT,
)


def measure_of_worth(program: Program) -> Reward | None:
    """The reward that says what a point is worth; None where none is as good as money."""
    money = [reward for reward in program.rewards if reward.kind in _MONEY]
    return min(money, key=lambda reward: reward.cost_points, default=None)


def worth_minor(program: Program, points: int) -> int | None:
    """What points are worth, rounded down, in minor units; None where nothing says so."""
    reward = measure_of_worth(program)
    return None if reward is None else worth_by(reward, points)


def face_minor(program: Program, reward_code: str | None) -> int:
    """What giving a reward once is worth by what it says of itself, in minor units.

    Nothing for one that names no amount: a percentage, shipping, a visit.
    """
    reward = program.reward(reward_code) if reward_code is not None else None
    return 0 if reward is None else reward.off_minor


def worth_by(reward: Reward, points: int) -> int:
    """What points are worth by a reward, rounded down."""
    return points * reward.off_minor // reward.cost_points
