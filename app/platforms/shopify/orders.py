"""Orders read from Shopify: one as it is now, or all that changed since a moment.

What a page costs is not documented, so pages are small, and an order with more in it than its
share of a page is read again by itself.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.domain.errors import NotUnderstood
from app.domain.order import Order
from app.platforms.base import Fingerprint, UnreadableOrders
from app.platforms.shopify.answers import next_cursor, nodes, part
from app.platforms.shopify.client import Client
from app.platforms.shopify.ids import gid, plain
from app.platforms.shopify.order_node import order_from
from app.platforms.shopify.queries import query
from app.platforms.shopify.reading import identity
from app.platforms.shopify.search import since

_ORDER = query("orders", "Order")
_ORDERS = query("orders", "Orders")
_PAGE = 8
_FEW = {"lines": 20, "refunds": 4, "refundLines": 10}
_MANY = {"lines": 50, "refunds": 15, "refundLines": 15}
"""Pieces of lines beyond these refunds are still known: a line says what remains of it."""


def order(client: Client, order_id: str, fingerprint: Fingerprint) -> Order | None:
    """An order as it is now, however many lines it has; None when Shopify does not have it."""
    node: Mapping[str, Any] | None = None
    lines: list[Mapping[str, Any]] = []
    after: str | None = None
    while True:
        data = client.ask(_ORDER, id=gid("Order", order_id), linesAfter=after, **_MANY)
        if data.get("order") is None:
            return None
        node = part(data, "order")
        page = part(node, "lineItems")
        lines += nodes(page)
        after = next_cursor(page)
        if after is None:
            return order_from({**node, "lineItems": {"nodes": lines}}, fingerprint)


def orders_since(client: Client, moment: datetime, fingerprint: Fingerprint) -> Iterator[Order]:
    """Every order that changed at or after a moment, the oldest change first.

    One that makes no sense does not hide those behind it: it is named when the others are told.
    """
    strange: dict[str, str] = {}
    for node in client.walk(_ORDERS, "orders", first=_PAGE, query=since(moment), **_FEW):
        try:
            found = _whole(client, node, fingerprint)
        except NotUnderstood as error:
            strange[plain(node.get("id")) or ""] = error.message
            continue
        if found is not None:
            yield found
    if strange:
        named = "; ".join(f"{order_id}: {why}" for order_id, why in list(strange.items())[:10])
        raise UnreadableOrders(
            f"{len(strange)} orders cannot be read: {named}", tuple(filter(None, strange))
        )


def _whole(client: Client, node: Mapping[str, Any], fingerprint: Fingerprint) -> Order | None:
    if _is_whole(node):
        return order_from(node, fingerprint)
    return order(client, identity(node, "id"), fingerprint)


def _is_whole(node: Mapping[str, Any]) -> bool:
    refunds = node.get("refunds") or ()
    pages = [part(node, "lineItems"), *(part(refund, "refundLineItems") for refund in refunds)]
    return len(refunds) < _FEW["refunds"] and all(next_cursor(page) is None for page in pages)
