"""The part of a program document that describes a reward."""

from marshmallow import fields, validate

from app.domain.rewards import Reward, RewardKind
from app.models.program_fields import Names, Part, Switch, Wording, code, one_of, whole


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
    tier = fields.String(allow_none=True, validate=validate.Length(1, 40))
    per_member = whole(1, 10_000, optional=True)
    combines = Switch()
    products = Names()
    collections = Names()
    tag = fields.String(validate=validate.Length(max=40))
    steps = fields.List(
        fields.String(validate=validate.Length(1, 120)), validate=validate.Length(max=10)
    )
    pooled = Switch()
