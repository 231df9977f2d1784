"""The parts of a program document that say what earns points."""

from marshmallow import fields

from app.domain.campaigns import Campaign
from app.domain.products import Multiplier, Products
from app.domain.rules import ActionKind, ActionRule, EarningRule, RuleKind
from app.domain.segments import Segment, Stage, Stages
from app.models.program_fields import (
    Chosen,
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


class ProductsPart(Part):
    builds = Products
    product_ids = Names()
    skus = Names()
    vendors = Names()
    tags = Names()
    collections = Names()


class MultiplierPart(Part):
    builds = Multiplier
    products = fields.Nested(ProductsPart, required=True)
    percent = whole(most=100_000)


class RulePart(Part):
    builds = EarningRule
    code = code()
    kind = one_of(RuleKind)
    points = whole(most=1_000_000)
    per_minor = whole(1)
    include = fields.Nested(ProductsPart)
    # marshmallow's own Schema has an attribute `exclude`.
    excluded = fields.Nested(ProductsPart, attribute="exclude", data_key="exclude")
    multipliers = several(MultiplierPart, 50)
    minimum_minor = whole()
    nth_order = whole(1, 10_000, optional=True)
    every_nth = whole(1, 10_000, optional=True)
    segment = words(40, optional=True)
    most_points = whole(1, optional=True)
    budget_points = whole(1, optional=True)
    needs_code = words(255, optional=True)
    stacks = Switch()
    priority = whole(-1000, 1000)
    stop = Switch()


class ActionPart(Part):
    builds = ActionRule
    code = code()
    kind = one_of(ActionKind)
    name = Wording(allow_none=True)
    points = whole(1, 1_000_000)
    per_day = whole(1, 1000, optional=True)
    per_lifetime = whole(1, 100_000, optional=True)
    budget_points = whole(1, optional=True)


class StagesPart(Part):
    builds = Stages
    loyal_orders = whole(2, 1000)
    at_risk_days = whole(1, 3660)
    lost_days = whole(1, 3660)


class SegmentPart(Part):
    builds = Segment
    code = code()
    stages = Chosen(Stage)
    least_orders = whole(optional=True)
    most_orders = whole(optional=True)
    least_spend_minor = whole(optional=True)
    most_spend_minor = whole(optional=True)
    bought_within_days = whole(0, 3660, optional=True)
    not_bought_for_days = whole(0, 3660, optional=True)


class CampaignPart(Part):
    builds = Campaign
    code = code()
    name = Wording(required=True)
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    weekdays = Chosen(range(7))
    tiers = Names()
    segment = words(40, optional=True)
    products = fields.Nested(ProductsPart)
    minimum_minor = whole()
    percent = whole(most=10_000)
    bonus_points = whole(most=1_000_000)
    budget_points = whole(1, optional=True)
