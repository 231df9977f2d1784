"""What is different between two programs, place by place, and each difference as a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from app.domain.money import written
from app.domain.program import Program
from app.domain.text import Text
from app.domain.tiers import Measure

_KINDS = {
    "earning": "rule",
    "actions": "action",
    "campaigns": "campaign",
    "segments": "segment",
    "ladder": "tier",
    "rewards": "reward",
}
"""What one of the parts is called that a list holds."""
_NAMES = {
    "per_minor": "amount that earns",
    "cost_points": "price in points",
    "off_minor": "amount off",
    "off_percent": "share off",
    "earn_percent": "multiplier of points",
    "entry_reward": "reward for reaching it",
    "entry_points": "points for reaching it",
    "minimum_minor": "least order",
    "minimum_subtotal_minor": "least order",
    "percent": "multiplier",
    "pos_earns": "earning in the physical shop",
    "whole_steps": "counting whole amounts only",
    "live": "shown to shoppers",
    "holdout_percent": "share of new members held out",
    "paused": "paused",
}
"""Settings whose own name would not be understood."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where it is ("rewards.ten-percent.cost_points"), what was, what is.

    A part that came or went is one difference, with None on the other side.
    """

    place: str
    before: Any
    after: Any
    is_part: bool = False


def changes(before: Program, after: Program) -> Iterator[Change]:
    """Every difference between two programs, in the order of a program's settings."""
    yield from _between(before, after, "")


def _between(before: Any, after: Any, place: str) -> Iterator[Change]:
    if before == after:
        return
    if is_dataclass(before) and type(before) is type(after) and not isinstance(before, Text):
        for setting in fields(before):
            old, new = getattr(before, setting.name), getattr(after, setting.name)
            yield from _between(old, new, f"{place}.{setting.name}".lstrip("."))
    elif _has_codes(before) and _has_codes(after):
        yield from _of_parts(before, after, place)
    else:
        yield Change(place, before, after)


def _has_codes(value: Any) -> bool:
    return isinstance(value, tuple) and all(hasattr(one, "code") for one in value)


def _of_parts(before: tuple[Any, ...], after: tuple[Any, ...], place: str) -> Iterator[Change]:
    """The differences of two lists whose parts are known by their codes."""
    old = {part.code: part for part in before}
    new = {part.code: part for part in after}
    for code, part in old.items():
        if code not in new:
            yield Change(f"{place}.{code}", part, None, is_part=True)
    for code, part in new.items():
        if code in old:
            yield from _between(old[code], part, f"{place}.{code}")
        else:
            yield Change(f"{place}.{code}", None, part, is_part=True)
    kept = [code for code in old if code in new]
    now = [code for code in new if code in old]
    if kept != now:
        yield Change(place, tuple(kept), tuple(now))


def sentence(change: Change, program: Program) -> str:
    """A difference in plain language: "The reward ten-percent: price in points from 80 to 90."

    `program` is either of the two: it says what money and thresholds are counted in.
    """
    *path, name = change.place.split(".")
    if change.is_part:
        part, verb = (change.after, "is new") if change.before is None else (change.before, "goes")
        named = f" ({part.name})" if hasattr(part, "name") else ""
        return f"{_capital(_where([*path, name]))}{named} {verb}."
    if name in _KINDS:
        setting, where = f"order of the {_KINDS[name]}s", ""
    else:
        setting = _NAMES.get(name, name.replace("_", " ").removesuffix(" minor"))
        where = _where(path)
    before, after = (_told(value, name, program) for value in (change.before, change.after))
    said = _capital(f"{where}: {setting}" if where else setting)
    # Some money ends in a dot of its own: "50 kr."
    return f"{said} from {before} to {after}".removesuffix(".") + "."


def _where(path: list[str]) -> str:
    """Where a setting stands: "the reward ten-percent", "the tier gold"."""
    for position in range(len(path) - 2, -1, -1):
        if path[position] in _KINDS:
            inside = " ".join(path[position + 2 :]).replace("_", " ")
            part = f"the {_KINDS[path[position]]} {path[position + 1]}"
            return f"{part}, {inside}" if inside else part
    return " ".join(path).replace("_", " ")


def _told(value: Any, name: str, program: Program) -> str:
    """A value as people say it."""
    match value:
        case None:
            said = "not set"
        case bool():
            said = "yes" if value else "no"
        case int():
            said = _number(value, name, program)
        case Text():
            said = ", ".join(f"“{wording}” ({locale})" for locale, wording in value.by_locale)
        case StrEnum():
            said = value.value.replace("_", " ")
        case tuple():
            said = ", ".join(_told(one, name, program) for one in value) or "none"
        case frozenset():
            said = ", ".join(sorted(_told(one, name, program) for one in value)) or "none"
        case _:
            said = str(value)
    return said


def _number(value: int, name: str, program: Program) -> str:
    is_spend = name == "threshold" and program.tiers.measure is Measure.SPEND
    if is_spend or name.endswith("_minor"):
        return written(value, program.currency)
    return f"{value} %" if name.endswith("percent") else str(value)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
