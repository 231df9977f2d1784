"""The widget in a shop's pages, by script tag where the host still has them.

The list of script tags holds only our own app's, so one with another address is an older widget.
"""

from collections.abc import Mapping
from typing import Any

from app.platforms.base import PlatformError
from app.platforms.shopify.answers import part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.failures import said
from app.platforms.shopify.queries import query

_LIST = query("script_tags")
_CREATE = query("script_tag_create")
_DELETE = query("script_tag_delete")
_PAGE = 50


def inject(client: Client, script_url: str) -> bool:
    """Put the widget in every page once; False when the shop does not take script tags."""
    tags = list(client.walk(_LIST, "scriptTags", first=_PAGE))
    current = [tag for tag in tags if tag.get("src") == script_url]
    if not current:
        wanted = {"src": script_url, "displayScope": "ONLINE_STORE"}
        answer = part(client.ask(_CREATE, input=wanted), "scriptTagCreate")
        if user_errors(answer):
            return False
    for tag in tags:
        if tag not in current[:1]:
            _delete(client, tag)
    return True


def remove(client: Client) -> None:
    """Take every script of ours out of the shop's pages."""
    for tag in list(client.walk(_LIST, "scriptTags", first=_PAGE)):
        _delete(client, tag)


def _delete(client: Client, tag: Mapping[str, Any]) -> None:
    """Delete a tag; one that is gone already is no error."""
    answer = part(client.ask(_DELETE, id=tag.get("id")), "scriptTagDelete")
    why = said(user_errors(answer))
    if why and "not found" not in why.lower() and "does not exist" not in why.lower():
        raise PlatformError(f"Shopify keeps our script: {why}", permanent=True)
