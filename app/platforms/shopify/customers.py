"""Customers read from Shopify: which there are, and by what hash a guest would be one of them."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.events import CustomerChanged
from app.platforms.base import Fingerprint
from app.platforms.shopify.client import Client
from app.platforms.shopify.queries import query
from app.platforms.shopify.reading import identity, inner
from app.platforms.shopify.search import since
from app.platforms.shopify.translate_order import email_hash

_CUSTOMERS = query("customers")
_PAGE = 100


def customers_since(
    client: Client, moment: datetime, fingerprint: Fingerprint
) -> Iterator[CustomerChanged]:
    """Every customer that changed at or after a moment, the oldest change first."""
    for node in client.walk(_CUSTOMERS, "customers", first=_PAGE, query=since(moment)):
        address = inner(node, "defaultEmailAddress") or {}
        hashed = email_hash({"email": address.get("emailAddress")}, fingerprint)
        yield CustomerChanged(identity(node, "id"), hashed)
