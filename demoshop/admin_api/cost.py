"""What a call costs, and the bucket it is paid from.

The platform charges by what a query could return before it runs it and settles by what it did
return. Pages cost less than their size, and pages inside pages more: see the table in the tests.
"""

from collections.abc import Mapping
from math import ceil, log2
from threading import Lock
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)

BUCKET = 2000
RESTORE_PER_SECOND = 100
SINGLE_QUERY_MAX = 1000
MUTATION = 10
PAGED = ("first", "last")


def requested_cost(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> int:
    """What a call could cost at most."""
    reader = _Reader(document, variables)
    each = MUTATION if operation.operation == OperationType.MUTATION else 1
    roots = reader.fields(operation.selection_set)
    return sum(each + reader.inside(field) for field in roots if field.selection_set)


def actual_cost(requested: int, roots: int, mutation: bool, answer: Any) -> int:
    """What a call did cost: the same table, with the pages that came back."""
    base = roots * (MUTATION if mutation else 1)
    return min(requested, base + _pages_in(answer))


def page_cost(size: int) -> int:
    """A page of so many entries."""
    return ceil(2 + log2(size)) if size > 0 else 1


class _Reader:
    def __init__(self, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def fields(self, selections: SelectionSetNode | None) -> list[FieldNode]:
        """The fields of a selection, fragments opened."""
        found: list[FieldNode] = []
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                found.append(node)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments.get(node.name.value)
                found += self.fields(fragment.selection_set if fragment else None)
            else:
                found += self.fields(getattr(node, "selection_set", None))
        return found

    def inside(self, field: FieldNode) -> int:
        """The pages of a field: its own, and a tenth of those inside for each entry."""
        nested = sum(self.inside(child) for child in self.fields(field.selection_set))
        size = self._page_size(field)
        return nested if size is None else page_cost(size) + ceil(size * nested / 10)

    def _page_size(self, field: FieldNode) -> int | None:
        for argument in field.arguments:
            if argument.name.value in PAGED:
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode):
                    given = self._variables.get(value.name.value)
                    return given if isinstance(given, int) else 0
        return None


def _pages_in(answer: Any) -> int:
    if isinstance(answer, list):
        return sum(_pages_in(entry) for entry in answer)
    if not isinstance(answer, dict):
        return 0
    page = answer.get("nodes", answer.get("edges"))
    own = page_cost(len(page)) if isinstance(page, list) else 0
    return own + sum(_pages_in(value) for value in answer.values())


class Bucket:
    """Two thousand points that refill by a hundred a second."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._available = float(BUCKET)
        self._at = 0.0

    def take(self, points: int, now: float) -> bool:
        """Pay, if there is enough."""
        with self._lock:
            self._refill(now)
            if points > self._available:
                return False
            self._available -= points
            return True

    def give_back(self, points: int) -> None:
        """Return what was charged too much."""
        with self._lock:
            self._available = min(float(BUCKET), self._available + points)

    def empty(self, now: float) -> None:
        """Spend everything at once, to see how an app copes."""
        with self._lock:
            self._refill(now)
            self._available = 0.0

    def status(self, now: float) -> dict[str, float]:
        """What every answer says about the bucket."""
        with self._lock:
            self._refill(now)
            return {
                "maximumAvailable": float(BUCKET),
                "currentlyAvailable": int(self._available),
                "restoreRate": float(RESTORE_PER_SECOND),
            }

    def _refill(self, now: float) -> None:
        since = max(0.0, now - self._at)
        self._available = min(float(BUCKET), self._available + since * RESTORE_PER_SECOND)
        self._at = now
