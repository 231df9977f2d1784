"""Connections: sorted lists cut into pages by a cursor.

A cursor holds the sort value and the id of its node, so that a list that changes between two
pages neither repeats nor loses what did not move.
"""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from graphql import GraphQLError

T = TypeVar("T")
Key = tuple[Any, int]
LARGEST_PAGE = 250


def connection(
    rows: Sequence[T], key: Callable[[T], Key], present: Callable[[T], Any], args: dict[str, Any]
) -> dict[str, Any]:
    """A page of rows as a connection, by `first`/`after` or `last`/`before`."""
    size = _size(args)
    ordered = sorted(rows, key=key, reverse=bool(args.get("reverse")))
    keys = [list(key(row)) for row in ordered]
    start, stop = 0, len(ordered)
    if args.get("after"):
        start = _position(keys, args["after"]) + 1
    if args.get("before"):
        stop = _position(keys, args["before"])
    if args.get("first") is not None:
        begin, end = start, min(start + size, stop)
    else:
        begin, end = max(stop - size, start), stop
    edges = [
        {"cursor": _cursor(keys[i]), "node": present(ordered[i])}
        for i in range(begin, max(end, begin))
    ]
    return {
        "edges": edges,
        "nodes": [edge["node"] for edge in edges],
        "pageInfo": {
            "hasNextPage": end < stop,
            "hasPreviousPage": begin > 0,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def listed(nodes: Sequence[dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """A resolver for a short list inside another object, paged in its own order."""
    places = list(enumerate(nodes))

    def resolve(_info: Any, **args: Any) -> dict[str, Any]:
        return connection(places, lambda place: (place[0], 0), lambda place: place[1], args)

    return resolve


def _size(args: dict[str, Any]) -> int:
    asked = args.get("first") if args.get("first") is not None else args.get("last")
    if asked is None:
        raise GraphQLError(
            "you must provide one of first or last", extensions={"code": "BAD_REQUEST"}
        )
    if not 0 <= asked <= LARGEST_PAGE:
        raise GraphQLError(
            f"A page has at most {LARGEST_PAGE} entries; {asked} were asked for.",
            extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"},
        )
    return int(asked)


def _cursor(key: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _position(keys: list[list[Any]], cursor: str) -> int:
    """The place of a cursor; its node may have moved, so the nearest place before it will do."""
    try:
        wanted = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError as error:
        raise GraphQLError("Invalid cursor.", extensions={"code": "BAD_REQUEST"}) from error
    if wanted in keys:
        return keys.index(wanted)
    return sum(1 for key in keys if key < wanted) - 1
