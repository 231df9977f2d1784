"""The program as text: one JSON document, read strictly and written completely.

Errors name the place and the reason, so that a merchant who edits the document can mend it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from app.domain.errors import InvalidProgram
from app.domain.products import Multiplier, Products
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
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import EarningRule, RuleKind
from app.domain.text import LOCALES, Text, text
from app.domain.tiers import Loss, Measure, Tier, Tiers, Window
from app.models.base import Document

MOST = 10**12
"""The largest number a document may hold; anything above it is a slip of the finger."""


class _Wording(fields.Field[Text]):
    """A text: one wording for all languages, or an object with one per locale."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return dict(value.by_locale)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Text:
        wordings = {"en": value} if isinstance(value, str) else value
        if not isinstance(wordings, dict) or not wordings:
            raise ValidationError('Must be a text, or an object like {"en": …, "da": …}.')
        for locale, wording in wordings.items():
            if locale not in LOCALES:
                raise ValidationError(f"Languages are {', '.join(LOCALES)}, not {locale}.")
            if not isinstance(wording, str) or not 1 <= len(wording) <= 80:
                raise ValidationError(f"The text in {locale} must have 1 to 80 characters.")
        return text(wordings)


class _Names(fields.Field[frozenset[str]]):
    """A set of names, written as a sorted list."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return sorted(value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValidationError("Must be a list of texts.")
        return frozenset(value)


def _whole(least: int = 0, most: int = MOST, *, optional: bool = False) -> fields.Integer:
    return fields.Integer(strict=True, allow_none=optional, validate=validate.Range(least, most))


def _one_of(kind: type[StrEnum]) -> fields.Enum[StrEnum]:
    return fields.Enum(kind, by_value=True)


def _code() -> fields.String:
    return fields.String(validate=validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,39}\Z"))


class _Part(Schema):
    """A part of the document that becomes a value of the domain; unknown keys are mistakes."""

    builds: type

    class Meta:
        unknown = RAISE

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> Any:
        for key, value in loaded.items():
            if isinstance(value, list):
                loaded[key] = tuple(value)
        try:
            return self.builds(**loaded)
        except TypeError as error:
            missing = str(error).rpartition("argument")[2].strip(" s:")
            raise ValidationError(f"Missing: {missing}.") from error
        except InvalidProgram as error:
            raise ValidationError(error.message) from error


class _ProductsPart(_Part):
    builds = Products
    product_ids = _Names()
    skus = _Names()
    vendors = _Names()
    tags = _Names()


class _MultiplierPart(_Part):
    builds = Multiplier
    products = fields.Nested(_ProductsPart, required=True)
    percent = _whole(most=100_000)


class _RulePart(_Part):
    builds = EarningRule
    code = _code()
    kind = _one_of(RuleKind)
    points = _whole(most=1_000_000)
    per_minor = _whole(1)
    include = fields.Nested(_ProductsPart)
    # marshmallow's own Schema has an attribute `exclude`.
    excluded = fields.Nested(_ProductsPart, attribute="exclude", data_key="exclude")
    multipliers = fields.List(fields.Nested(_MultiplierPart), validate=validate.Length(max=50))
    minimum_minor = _whole()
    needs_code = fields.String(allow_none=True, validate=validate.Length(1, 255))
    stacks = fields.Boolean()
    priority = _whole(-1000, 1000)
    stop = fields.Boolean()


class _BasisPart(_Part):
    builds = Basis
    tax = fields.Boolean()
    shipping = fields.Boolean()
    gift_card_lines = fields.Boolean()
    whole_steps = fields.Boolean()


class _ExpiryPart(_Part):
    builds = Expiry
    kind = _one_of(ExpiryKind)
    count = _whole(1, 3660)


class _TierPart(_Part):
    builds = Tier
    code = _code()
    name = _Wording(required=True)
    threshold = _whole()
    earn_percent = _whole(most=10_000)


class _TiersPart(_Part):
    builds = Tiers
    ladder = fields.List(fields.Nested(_TierPart), validate=validate.Length(max=20))
    measure = _one_of(Measure)
    window = _one_of(Window)
    loss = _one_of(Loss)
    loss_months = _whole(1, 120)
    grace_days = _whole(0, 3660)


class _RewardPart(_Part):
    builds = Reward
    code = _code()
    kind = _one_of(RewardKind)
    name = _Wording(required=True)
    cost_points = _whole(1, 10**9)
    off_minor = _whole()
    off_percent = _whole(0, 100)
    least_points = _whole(0, 10**9)
    most_percent = _whole(1, 100)
    minimum_subtotal_minor = _whole()
    valid_days = _whole(1, 3660, optional=True)
    tier = fields.String(allow_none=True, validate=validate.Length(1, 40))
    per_member = _whole(1, 10_000, optional=True)
    combines = fields.Boolean()


class _ProgramPart(_Part):
    builds = Program
    currency = fields.String(required=True)
    name = _Wording()
    live = fields.Boolean()
    earning = fields.List(fields.Nested(_RulePart), validate=validate.Length(max=100))
    basis = fields.Nested(_BasisPart)
    rounding = _one_of(Rounding)
    rounding_point = _one_of(RoundingPoint)
    availability = _one_of(Availability)
    available_after_days = _whole(0, 366)
    pos_earns = fields.Boolean()
    guests = _one_of(GuestPolicy)
    guest_days = _whole(0, 3660)
    join_points = _whole(0, 10**6)
    tiers = fields.Nested(_TiersPart)
    rewards = fields.List(fields.Nested(_RewardPart), validate=validate.Length(max=100))
    expiry = fields.Nested(_ExpiryPart)
    spent_return = _one_of(SpentReturn)
    debt = _one_of(Debt)


_SCHEMA = _ProgramPart()


def program_from(document: Mapping[str, Any]) -> Program:
    """The program in a document.

    Raises InvalidProgram with every mistake: "rewards.0.cost_points: Must be …".
    """
    try:
        return _SCHEMA.load(document)  # type: ignore[no-any-return]
    except ValidationError as error:
        mistakes = "; ".join(_places(error.messages))
        raise InvalidProgram(mistakes) from error


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
    place = f"{at}: " if at else ""
    return [place + " ".join(str(message) for message in messages)]
