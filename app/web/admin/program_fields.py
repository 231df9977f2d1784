"""The program's form: what a merchant may type, in the way their language writes numbers."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from app.domain.holdout import MOST_HELD_OUT
from app.domain.program import Availability, Debt, ExpiryKind, GuestPolicy, Rounding, SpentReturn
from app.domain.rewards import WORTH_MONEY, RewardKind
from app.domain.rules import ActionKind
from app.domain.text import LOCALES
from app.domain.tiers import Measure
from app.web.admin.formats import language, number
from app.web.admin.requests import tidied

MOST_ROWS = 100
"""Tiers, rewards or deeds in one program."""
MOST_MONEY = Decimal(10**9)
MOST_BUDGET = 10**12 - 1
"""As many digits as are read as a number."""

_LOOKS_LIKE_A_NUMBER = re.compile(r"[0-9.,'’\s]{1,30}")


_OPTIONAL: dict[str, Any] = {"load_default": None}
_REQUIRED: dict[str, Any] = {"required": True}


class Whole(fields.Field[int | None]):
    """A whole number in a range, typed without any mark."""

    def __init__(self, least: int, most: int, *, optional: bool = False) -> None:
        super().__init__(**(_OPTIONAL if optional else _REQUIRED))
        self.least, self.most, self.optional = least, most, optional

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> int | None:
        written = re.sub(r"\s", "", str(value))
        if not written and self.optional:
            return None
        if re.fullmatch(r"[0-9]{1,12}", written) and self.least <= int(written) <= self.most:
            return int(written)
        raise ValidationError(
            _(
                "Write a whole number from %(least)s to %(most)s.",
                least=number(self.least),
                most=number(self.most),
            )
        )


class Amount(fields.Field[Decimal | None]):
    """An amount of money, or another number with decimals, as this language writes it."""

    def __init__(self, *, above_zero: bool = False, optional: bool = False) -> None:
        super().__init__(**(_OPTIONAL if optional else _REQUIRED))
        self.above_zero, self.optional = above_zero, optional

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Decimal | None:
        written = str(value).strip()
        if not written and self.optional:
            return None
        amount = _number_in(written)
        if amount is None or amount > MOST_MONEY or (self.above_zero and not amount):
            raise ValidationError(
                _("Write an amount above 0, like %(example)s.", example=_example())
                if self.above_zero
                else _("Write an amount, like %(example)s.", example=_example())
            )
        return amount


def _number_in(written: str) -> Decimal | None:
    if not _LOOKS_LIKE_A_NUMBER.fullmatch(written):
        return None
    try:
        # Blanks mark thousands wherever they may stand, and there are many kinds of them.
        return parse_decimal(re.sub(r"\s", "", written), locale=language(), strict=True)
    except NumberFormatError:
        return None


def _example() -> str:
    return "12.50" if language().number_symbols["latn"]["decimal"] == "." else "12,50"


class Choice(fields.Field[Any]):
    """One of a setting's values."""

    def __init__(self, kind: type[Any]) -> None:
        super().__init__(required=True)
        self.kind = kind

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        try:
            return self.kind(value)
        except ValueError as error:
            raise ValidationError(_("Choose one of these.")) from error


class Wording(fields.Field[dict[str, str]]):
    """A name in any of our languages, and in one at least unless it is optional."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(**(_OPTIONAL if optional else _REQUIRED))
        self.optional = optional

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, str]:
        given = value if isinstance(value, Mapping) else {}
        found = {locale: tidied(str(given.get(locale, ""))) for locale in LOCALES}
        long = {
            locale: [_("Write at most %(number)s characters.", number=80)]
            for locale, name in found.items()
            if len(name) > 80
        }
        if long:
            raise ValidationError(long)
        if not any(found.values()) and not self.optional:
            raise ValidationError(_nameless())
        return {locale: name for locale, name in found.items() if name}


def _nameless() -> dict[str, list[str]]:
    return {language().language: [_("Write a name.")]}


class Switch(fields.Field[bool]):
    """A box that is ticked, or is not sent at all."""

    def __init__(self) -> None:
        super().__init__(load_default=False)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        return bool(value == "on")


def _not_too_many(rows: list[Any]) -> None:
    if len(rows) > MOST_ROWS:
        raise ValidationError(_("There can be at most %(most)s of these.", most=MOST_ROWS))


_ROWS: dict[str, Any] = {"load_default": list, "validate": _not_too_many}


class _Typed(Schema):
    class Meta:
        unknown = EXCLUDE


class TierRow(_Typed):
    """One tier of the ladder; the code is empty in a new row."""

    code = fields.String(load_default="")
    name = Wording()
    threshold = Amount()
    percent = Whole(0, 10_000)
    entry_points = Whole(0, 1_000_000, optional=True)
    entry_reward = fields.String(load_default="")


class RewardRow(_Typed):
    """One reward; what its value means depends on its kind."""

    code = fields.String(load_default="")
    kind = Choice(RewardKind)
    name = Wording()
    cost = Whole(1, 10**9)
    value = Amount(optional=True)
    minimum = Amount(optional=True)
    valid_days = Whole(1, 3660, optional=True)

    @validates_schema
    def value_fits_kind(self, row: dict[str, Any], **_kwargs: Any) -> None:
        """An amount for what takes an amount off, 1 to 100 for a percentage."""
        value = row["value"]
        if row["kind"] in WORTH_MONEY and not value:
            message = _("Write an amount above 0, like %(example)s.", example=_example())
            raise ValidationError(message, "value")
        is_share = value is not None and value == int(value) and 1 <= value <= 100
        if row["kind"] is RewardKind.PERCENT_OFF and not is_share:
            text = _("Write a whole number from %(least)s to %(most)s.", least=1, most=100)
            raise ValidationError(text, "value")


class DeedRow(_Typed):
    """One deed beside buying; the code is empty in a new row, and so is a limit that is none."""

    code = fields.String(load_default="")
    kind = Choice(ActionKind)
    name = Wording(optional=True)
    points = Whole(1, 1_000_000)
    per_day = Whole(1, 1000, optional=True)
    per_lifetime = Whole(1, 100_000, optional=True)
    budget = Whole(1, MOST_BUDGET, optional=True)

    @validates_schema
    def custom_has_a_name(self, row: dict[str, Any], **_kwargs: Any) -> None:
        """For what is none of our kinds we have no words; one that has a code may go without."""
        if row["kind"] is ActionKind.CUSTOM and not row["name"] and not row["code"]:
            raise ValidationError({"name": _nameless()})


class ProgramForm(_Typed):
    """Every setting that the form shows."""

    name = Wording()
    earn_points = Whole(0, 1_000_000)
    earn_per = Amount(above_zero=True)
    whole_steps = Switch()
    rounding = Choice(Rounding)
    tax = Switch()
    shipping = Switch()
    gift_cards = Switch()
    pos_earns = Switch()
    join_points = Whole(0, 1_000_000)
    availability = Choice(Availability)
    available_after_days = Whole(0, 366)
    guests = Choice(GuestPolicy)
    guest_days = Whole(0, 3660)
    spent_return = Choice(SpentReturn)
    debt = Choice(Debt)
    holdout_percent = Whole(0, MOST_HELD_OUT)
    expiry = Choice(ExpiryKind)
    expiry_count = Whole(1, 3660)
    measure = Choice(Measure)
    tiers = fields.List(fields.Nested(TierRow), **_ROWS)
    rewards = fields.List(fields.Nested(RewardRow), **_ROWS)
    deeds = fields.List(fields.Nested(DeedRow), **_ROWS)

    @validates_schema
    def tiers_climb(self, form: dict[str, Any], **_kwargs: Any) -> None:
        """The lowest tier begins at 0, and no two begin at the same place."""
        ladder = sorted(enumerate(form["tiers"]), key=lambda row: row[1]["threshold"])
        wrong = {}
        if ladder and ladder[0][1]["threshold"]:
            wrong[ladder[0][0]] = _("The lowest tier begins at 0.")
        for (_lower, below), (upper, above) in pairwise(ladder):
            if below["threshold"] == above["threshold"]:
                wrong[upper] = _("Another tier begins here already.")
        if wrong:
            messages = {row: {"threshold": [text]} for row, text in wrong.items()}
            raise ValidationError({"tiers": messages})
