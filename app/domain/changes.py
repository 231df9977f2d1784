"""What is different between two programs, place by place, and each difference as a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from app.domain.choice_words import CHOICES
from app.domain.money import written
from app.domain.order_words import five
from app.domain.program import Program
from app.domain.setting_words import ORDERS, PARTS, SETTINGS
from app.domain.text import LOCALES, Text
from app.domain.tiers import Measure

_FROM_TO = five(
    "{what} from {before} to {after}",
    "{what} fra {before} til {after}",
    "{what} fra {before} til {after}",
    "{what} från {before} till {after}",
    "{what} von {before} auf {after}",
)
_NEW = five(
    "{part} is new.",
    "{part} er tilføjet.",
    "{part} er lagt til.",
    "{part} har lagts till.",
    "{part} ist neu.",
)
_GOES = five(
    "{part} goes.",
    "{part} er fjernet.",
    "{part} er fjernet.",
    "{part} har tagits bort.",
    "{part} fällt weg.",
)
_NOT_SET = five("not set", "ikke angivet", "ikke angitt", "inte angivet", "nicht gesetzt")
_YES = five("yes", "ja", "ja", "ja", "ja")
_NO = five("no", "nej", "nei", "nej", "nein")
_NONE = five("none", "ingen", "ingen", "inga", "keine")


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
    elif has_codes(before) and has_codes(after):
        yield from _of_parts(before, after, place)
    else:
        yield Change(place, before, after)


def has_codes(value: Any) -> bool:
    """Whether a value is a list of parts that are known by their codes; an empty one may be."""
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


def sentence(change: Change, program: Program, locale: str = LOCALES[0]) -> str:
    """A difference in plain language: "The reward ten-percent: price in points from 80 to 90."

    `program` is either of the two: it says what money and thresholds are counted in.
    """
    *path, name = change.place.split(".")
    if change.is_part:
        part, pattern = (change.after, _NEW) if change.before is None else (change.before, _GOES)
        name_of_part = getattr(part, "name", None)
        named = f" ({_wording(name_of_part, locale)})" if name_of_part else ""
        where = _capital(_where([*path, name], locale)) + named
        return pattern.in_locale(locale).format(part=where)
    if name in ORDERS:
        setting, where = ORDERS[name].in_locale(locale), ""
    else:
        setting, where = _setting(name, locale), _where(path, locale)
    before, after = (_told(one, name, program, locale) for one in (change.before, change.after))
    what = _capital(f"{where}: {setting}" if where else setting)
    said = _FROM_TO.in_locale(locale).format(what=what, before=before, after=after)
    # Some money ends in a dot of its own: "50 kr."
    return said.removesuffix(".") + "."


def _setting(name: str, locale: str) -> str:
    return SETTINGS[name].in_locale(locale)


def _where(path: list[str], locale: str) -> str:
    """Where a setting stands: "The reward ten-percent", "The tier gold"."""
    for position in range(len(path) - 2, -1, -1):
        if path[position] in PARTS:
            part = PARTS[path[position]].in_locale(locale).format(code=path[position + 1])
            return ", ".join([part, *(_setting(one, locale) for one in path[position + 2 :])])
    return " ".join(_setting(one, locale) for one in path)


def _wording(value: Text | str, locale: str) -> str:
    return value.in_locale(locale) if isinstance(value, Text) else value


def _told(value: Any, name: str, program: Program, locale: str) -> str:
    """A value as people say it."""
    match value:
        case None:
            said = _NOT_SET.in_locale(locale)
        case bool():
            said = (_YES if value else _NO).in_locale(locale)
        case int():
            said = _number(value, name, program, locale)
        case Text():
            said = ", ".join(f"“{wording}” ({code})" for code, wording in value.by_locale)
        case StrEnum():
            said = CHOICES[value.value].in_locale(locale)
        case tuple():
            said = ", ".join(_told(one, name, program, locale) for one in value)
        case frozenset():
            said = ", ".join(sorted(_told(one, name, program, locale) for one in value))
        case _:
            said = str(value)
    return said or _NONE.in_locale(locale)


def _number(value: int, name: str, program: Program, locale: str) -> str:
    is_spend = name == "threshold" and program.tiers.measure is Measure.SPEND
    if is_spend or name.endswith("_minor"):
        return written(value, program.currency, locale)
    return f"{value} %" if name.endswith("percent") else str(value)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
