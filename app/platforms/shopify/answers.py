"""The parts of an answer: what must be there in one that was not cut off or garbled."""

from collections.abc import Mapping
from typing import Any

from app.platforms.shopify.failures import Doubtful


def part(record: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """What lies at the end of these names."""
    for name in names:
        found = record.get(name)
        if not isinstance(found, Mapping):
            raise Doubtful(f"Shopify's answer has no {name!r}.")
        record = found
    return record


def nodes(connection: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The nodes of one page."""
    return _records(connection, "nodes")


def next_cursor(connection: Mapping[str, Any]) -> str | None:
    """Where the next page begins, None after the last."""
    info = part(connection, "pageInfo")
    cursor = info.get("endCursor")
    return cursor if info.get("hasNextPage") is True and isinstance(cursor, str) else None


def user_errors(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Why a mutation was refused; nothing when it was carried out."""
    return _records(payload, "userErrors")


def _records(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = record.get(name)
    if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
        raise Doubtful(f"Shopify's answer has no {name!r}.")
    return found
