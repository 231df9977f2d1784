"""What points are worth in money: by the cheapest reward that takes an amount off any order."""

from app.domain.program import Program
from app.domain.rewards import Reward, RewardKind

_AMOUNTS = (RewardKind.AMOUNT_OFF, RewardKind.SLIDER)


def measure_of_worth(program: Program) -> Reward | None:
    """The reward that says what a point is worth; None where none takes an amount off."""
    amounts = [reward for reward in program.rewards if reward.kind in _AMOUNTS]
    return min(amounts, key=lambda reward: reward.cost_points, default=None)


def worth_minor(program: Program, points: int) -> int | None:
    """What points are worth, rounded down, in minor units; None where nothing says so."""
    reward = measure_of_worth(program)
    return None if reward is None else points * reward.off_minor // reward.cost_points
