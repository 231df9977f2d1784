"""The search syntax of `query:` arguments, as far as moments, ids and states go."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from demoshop.admin_api.words import moment_in

TERM = re.compile(r"""(\w+):(>=|<=|>|<)?(?:'([^']*)'|"([^"]*)"|(\S+))""")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda a, b: bool(a >= b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    "<": lambda a, b: bool(a < b),
    "": lambda a, b: bool(a == b),
}


def matches(query: str | None, facts: Mapping[str, Any]) -> bool:
    """Whether all terms of a query hold. A term about something unknown is ignored."""
    for field, operator, *texts in TERM.findall(query or ""):
        if field not in facts:
            continue
        wanted = next((text for text in texts if text), "")
        if not _holds(facts[field], operator, wanted):
            return False
    return True


def _holds(fact: Any, operator: str, wanted: str) -> bool:
    if isinstance(fact, datetime):
        try:
            return COMPARE[operator](fact, moment_in(wanted))
        except ValueError:
            return False
    if isinstance(fact, int) and wanted.lstrip("-").isdigit():
        return COMPARE[operator](fact, int(wanted))
    if wanted.endswith("*"):
        return any(word.startswith(wanted[:-1].lower()) for word in str(fact).lower().split())
    return str(fact).lower() == wanted.lower()


def sortable(row: object, field: str) -> str | int:
    """A field as lists are sorted by it."""
    value = getattr(row, field)
    return value if isinstance(value, int) else str(value.isoformat())
