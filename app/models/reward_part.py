"""The part of a program document that describes a reward."""

from app.domain.rewards import Reward, RewardKind
from app.models.program_fields import (
    Names,
    Part,
    Switch,
    Wording,
    code,
    one_of,
    several,
    whole,
    words,
)


class RewardPart(Part):
    """One thing that points buy."""

    builds = Reward
    code = code()
    kind = one_of(RewardKind)
    name = Wording(required=True)
    cost_points = whole(1, 10**9)
    off_minor = whole()
    off_percent = whole(0, 100)
    least_points = whole(0, 10**9)
    most_percent = whole(1, 100)
    minimum_subtotal_minor = whole()
    valid_days = whole(1, 3660, optional=True)
    tier = words(40, optional=True)
    per_member = whole(1, 10_000, optional=True)
    combines = Switch()
    products = Names()
    collections = Names()
    tag = words(40, least=0)
    steps = several(words(120), 10)
    pooled = Switch()
