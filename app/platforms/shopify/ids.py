"""Shopify's two ways of writing an id: a number in payloads, `gid://…` in GraphQL."""

import re

_PLAIN = re.compile(r"(?:gid://shopify/[A-Za-z]{1,60}/)?([1-9][0-9]{0,19})(?:\?.*)?")


def gid(kind: str, number: str) -> str:
    """An id as GraphQL wants it."""
    return f"gid://shopify/{kind}/{number}"


def plain(written: object) -> str | None:
    """The number in an id however it is written, None when it is not an id."""
    if isinstance(written, bool) or not isinstance(written, int | str):
        return None
    found = _PLAIN.fullmatch(str(written))
    return found[1] if found else None
