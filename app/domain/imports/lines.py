"""What a line of a table says of somebody: read cell by cell, with the column of what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Self

from app.domain.imports.columns import Field, fields_of
from app.domain.imports.values import (
    DayOrder,
    WrongCell,
    birthday_in,
    customer_in,
    day_order_of,
    decimal_of,
    email_in,
    moment_in,
    points_in,
    shown,
)
from app.domain.sentence import Sentence as _
from app.domain.text import LOCALES
from app.domain.tiers import Tiers

MOST_REASON = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: its letters, what parts its columns, and what each of these is about."""

    encoding: str
    separator: str
    has_header: bool
    fields: tuple[Field, ...]
    decimal: str = "."
    days: DayOrder = DayOrder.DAY_FIRST

    @property
    def is_history(self) -> bool:
        """Whether lines say what came and went, and not what there is."""
        return Field.CHANGE in self.fields

    def cells_of(self, field: Field, records: Sequence[Sequence[str]]) -> list[str]:
        """What some records have in the column of a field; nothing without such a column."""
        if field not in self.fields:
            return []
        place = self.fields.index(field)
        return [cells[place] for cells in records if place < len(cells) and cells[place].strip()]

    def with_habits_of(self, records: Sequence[Sequence[str]]) -> Self:
        """With numbers and days read as some records show that they are written."""
        numbers = self.cells_of(Field.POINTS, records) + self.cells_of(Field.CHANGE, records)
        days = self.cells_of(Field.EXPIRES, records) + self.cells_of(Field.HAPPENED, records)
        days += self.cells_of(Field.JOINED, records)
        return replace(self, decimal=decimal_of(numbers), days=day_order_of(days))

    @property
    def document(self) -> dict[str, Any]:
        """It as it is stored."""
        return {
            "encoding": self.encoding,
            "separator": self.separator,
            "has_header": self.has_header,
            "fields": [field.value for field in self.fields],
            "decimal": self.decimal,
            "days": self.days.value,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """It from how it is stored."""
        fields = tuple(Field(field) for field in document["fields"])
        days = DayOrder(document["days"])
        return cls(**{**document, "fields": fields, "days": days})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one line says; None for what it does not."""

    customer_id: str | None = None
    email: str | None = None
    points: int | None = None
    expires_at: datetime | None = None
    change: int | None = None
    happened_at: datetime | None = None
    reason: str = ""
    tier: str | None = None
    tier_until: datetime | None = None
    joined_at: datetime | None = None
    birthday: str | None = None


class WrongLine(ValueError):
    """A line that cannot be taken in: in which column (None is all of it), and why."""

    def __init__(self, column: int | None, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column
        self.sentence = sentence


def header_in(first: Sequence[str]) -> bool:
    """Whether a first record names columns, and is nobody's own line."""
    return not any("@" in cell or cell.strip().isdigit() for cell in first)


def guessed_fields(first: Sequence[str], second: Sequence[str]) -> tuple[Field, ...]:
    """What the columns are about, by their names, or where they have none by what is in them."""
    if header_in(first):
        return fields_of(first)
    found: list[Field] = []
    for cell in second or first:
        field = Field.NOTHING
        if "@" in cell:
            field = Field.EMAIL
        elif cell.strip().isdigit():
            field = Field.CUSTOMER if len(cell.strip()) > 9 else Field.POINTS
        found.append(field if field not in found else Field.NOTHING)
    return tuple(found)


def told_in(cells: Sequence[str], reading: Reading, tiers: Tiers, zone: tzinfo) -> Told:
    """What a record says. Raises WrongLine."""
    wide = len(reading.fields)
    if len(cells) < wide or any(cell.strip() for cell in cells[wide:]):
        said = _("This line has {cells} columns, and the first one has {columns}.")
        raise WrongLine(None, said.format(cells=len(cells), columns=wide))
    facts: dict[str, Any] = {}
    for place, field in enumerate(reading.fields):
        cell = cells[place].strip()
        if field is Field.NOTHING or not cell:
            continue
        try:
            name, value = _READERS[field](cell, reading, tiers, zone)
        except WrongCell as wrong:
            raise WrongLine(place, wrong.sentence) from wrong
        facts[name] = value
    return _complete(Told(**facts), reading)


def _complete(told: Told, reading: Reading) -> Told:
    if told.customer_id is None and told.email is None:
        raise WrongLine(None, _("Nobody is named here: no e-mail address and no customer id."))
    place = reading.fields.index
    if Field.POINTS in reading.fields and told.points is None and told.tier is None:
        raise WrongLine(place(Field.POINTS), _("The points are missing."))
    if told.points is not None and told.points < 0:
        raise WrongLine(place(Field.POINTS), _("A balance cannot be below zero here."))
    if reading.is_history and told.change is None:
        raise WrongLine(place(Field.CHANGE), _("The points are missing."))
    if reading.is_history and told.happened_at is None:
        raise WrongLine(place(Field.HAPPENED), _("The day is missing."))
    return told


def _tier(cell: str, tiers: Tiers) -> str | None:
    """The code of the tier that is meant. Raises WrongCell."""
    meant = cell.casefold()
    for tier in tiers.ladder:
        names = {tier.code, *(tier.name.in_locale(locale) for locale in LOCALES)}
        if meant in {name.casefold() for name in names}:
            return tier.code
    raise WrongCell(_("Your program has no tier {cell}.").format(cell=shown(cell)))


_Reader = Callable[[str, Reading, Tiers, tzinfo], tuple[str, Any]]
_READERS: dict[Field, _Reader] = {
    Field.CUSTOMER: lambda cell, *_: ("customer_id", customer_in(cell)),
    Field.EMAIL: lambda cell, *_: ("email", email_in(cell)),
    Field.POINTS: lambda cell, how, *_: ("points", points_in(cell, how.decimal)),
    Field.CHANGE: lambda cell, how, *_: ("change", points_in(cell, how.decimal)),
    Field.EXPIRES: lambda cell, how, _, zone: (
        "expires_at",
        moment_in(cell, how.days, zone, last=True),
    ),
    Field.HAPPENED: lambda cell, how, _, zone: ("happened_at", moment_in(cell, how.days, zone)),
    Field.REASON: lambda cell, *_: ("reason", " ".join(cell.split())[:MOST_REASON]),
    Field.TIER: lambda cell, _how, tiers, _: ("tier", _tier(cell, tiers)),
    Field.TIER_UNTIL: lambda cell, how, _, zone: (
        "tier_until",
        moment_in(cell, how.days, zone, last=True),
    ),
    Field.JOINED: lambda cell, how, _, zone: ("joined_at", moment_in(cell, how.days, zone)),
    Field.BIRTHDAY: lambda cell, how, *_: ("birthday", birthday_in(cell, how.days)),
}
