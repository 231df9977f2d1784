"""Forms with rows in them, as browsers send them: `tiers-0-name-en` is a place in a document."""

from collections.abc import Mapping
from typing import Any


def nested(sent: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as a document: names are cut at hyphens, and numbers make lists."""
    found: dict[str, Any] = {}
    for name, value in sent.items():
        *way, last = name.split("-")
        place = found
        for step in way:
            deeper = place.setdefault(step, {})
            if not isinstance(deeper, dict):
                break
            place = deeper
        else:
            place[last] = value
    return {name: _rows(value) for name, value in found.items()}


def _rows(value: Any) -> Any:
    """A part whose keys are all numbers is a list, in the order of the numbers."""
    if not isinstance(value, dict) or not value:
        return value
    if not all(key.isascii() and key.isdigit() and len(key) < 4 for key in value):
        return value
    ordered = sorted(value.items(), key=lambda item: int(item[0]))
    return [row for _, row in ordered if isinstance(row, dict)]


def by_name(messages: Mapping[Any, Any], at: str = "") -> dict[str, str]:
    """Each mistake under the name of the input it is about."""
    found: dict[str, str] = {}
    for key, value in messages.items():
        here = f"{at}-{key}" if at else str(key)
        if isinstance(value, Mapping):
            found |= by_name(value, here)
        else:
            found[here] = str(value[0])
    return found
