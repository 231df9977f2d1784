"""Customers at Shopify: which there are, by what hash a guest would be one of them, their tags."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.domain.events import CustomerChanged
from app.platforms.base import Fingerprint, PlatformError
from app.platforms.shopify.answers import part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.failures import said
from app.platforms.shopify.ids import gid
from app.platforms.shopify.queries import query
from app.platforms.shopify.reading import identity, inner, moment
from app.platforms.shopify.search import since
from app.platforms.shopify.translate_order import email_hash

_CUSTOMERS = query("customers")
_TAGS_ADD = query("tags_add")
_TAGS_REMOVE = query("tags_remove")
_PAGE = 100


def customers_since(
    client: Client, begin: datetime, fingerprint: Fingerprint
) -> Iterator[tuple[CustomerChanged, datetime]]:
    """Every customer that changed at or after a moment, and when, the oldest change first."""
    for node in client.walk(_CUSTOMERS, "customers", first=_PAGE, query=since(begin)):
        address = inner(node, "defaultEmailAddress") or {}
        hashed = email_hash({"email": address.get("emailAddress")}, fingerprint)
        yield CustomerChanged(identity(node, "id"), hashed), moment(node, "updatedAt")


def add_tag(client: Client, customer_id: str, tag: str) -> None:
    """Mark a customer; a tag that is there already stays."""
    _refuse(client.ask(_TAGS_ADD, id=gid("Customer", customer_id), tags=[tag]), "tagsAdd")


def remove_tag(client: Client, customer_id: str, tag: str) -> None:
    """Take a mark from a customer; one that is not there is no mistake."""
    _refuse(client.ask(_TAGS_REMOVE, id=gid("Customer", customer_id), tags=[tag]), "tagsRemove")


def _refuse(data: Mapping[str, Any], root: str) -> None:
    if errors := user_errors(part(data, root)):
        raise PlatformError(f"Shopify refused the tag: {said(errors)}", permanent=True)
