"""The program as text: one JSON document, read strictly and written completely.

Errors name the place and the reason, so that a merchant who edits the document can mend it.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.domain.errors import InvalidProgram
from app.domain.holdout import MOST_HELD_OUT
from app.domain.program import (
    Availability,
    Basis,
    Debt,
    Expiry,
    ExpiryKind,
    GuestPolicy,
    Program,
    Rounding,
    RoundingPoint,
    SpentReturn,
)
from app.domain.sentence import Sentence as _
from app.domain.tiers import Loss, Measure, Tier, Tiers, Window
from app.models.base import Document
from app.models.earning_parts import ActionPart, CampaignPart, RulePart, SegmentPart, StagesPart
from app.models.program_fields import (
    Part,
    Switch,
    Wording,
    code,
    one_of,
    several,
    whole,
    words,
)
from app.models.reward_part import RewardPart


class _BasisPart(Part):
    builds = Basis
    tax = Switch()
    shipping = Switch()
    gift_card_lines = Switch()
    whole_steps = Switch()


class _ExpiryPart(Part):
    builds = Expiry
    kind = one_of(ExpiryKind)
    count = whole(1, 3660)


class _TierPart(Part):
    builds = Tier
    code = code()
    name = Wording(required=True)
    threshold = whole()
    earn_percent = whole(most=10_000)
    entry_points = whole(most=1_000_000)
    entry_reward = words(40, optional=True)


class _TiersPart(Part):
    """The ladder may be written from either end, or in any order."""

    builds = Tiers
    ladder = several(_TierPart, 20)
    measure = one_of(Measure)
    window = one_of(Window)
    loss = one_of(Loss)
    loss_months = whole(1, 120)
    loss_days = whole(1, 3660)
    grace_days = whole(0, 3660)

    @post_load
    def build(self, loaded: dict[str, Any], **options: Any) -> Any:
        if "ladder" in loaded:
            loaded["ladder"] = sorted(loaded["ladder"], key=lambda tier: tier.threshold)
        return super().build(loaded, **options)


class ProgramPart(Part):
    builds = Program
    currency = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Z]{3}\Z", error=_("Must be a currency code like DKK.")),
    )
    name = Wording()
    live = Switch()
    paused = Switch()
    earning = several(RulePart, 100)
    actions = several(ActionPart, 100)
    campaigns = several(CampaignPart, 100)
    segments = several(SegmentPart, 100)
    stages = fields.Nested(StagesPart)
    basis = fields.Nested(_BasisPart)
    rounding = one_of(Rounding)
    rounding_point = one_of(RoundingPoint)
    availability = one_of(Availability)
    available_after_days = whole(0, 366)
    pos_earns = Switch()
    guests = one_of(GuestPolicy)
    guest_days = whole(0, 3660)
    join_points = whole(0, 10**6)
    tiers = fields.Nested(_TiersPart)
    rewards = several(RewardPart, 100)
    expiry = fields.Nested(_ExpiryPart)
    spent_return = one_of(SpentReturn)
    debt = one_of(Debt)
    holdout_percent = whole(0, MOST_HELD_OUT)


_SCHEMA = ProgramPart()


def program_from(document: Mapping[str, Any]) -> Program:
    """The program in a document.

    Raises InvalidProgram with every mistake: "rewards.0.cost_points: Must be …".
    """
    try:
        return _SCHEMA.load(document)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise InvalidProgram(*_places(error.messages)) from error


def program_document(program: Program) -> Document:
    """A program as a document with every setting in it; reading it back gives the same program."""
    return _SCHEMA.dump(program)  # type: ignore[no-any-return]


def _places(messages: Any, at: str = "") -> list[str]:
    """Each mistake with the place where it is."""
    if isinstance(messages, dict):
        found = []
        for key, value in messages.items():
            here = at if key == "_schema" else f"{at}.{key}" if at else str(key)
            found += _places(value, here)
        return found
    if not at:
        return list(messages)
    return [_("{place}: {mistake}").format(place=at, mistake=said) for said in messages]
