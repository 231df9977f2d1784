"""The webhooks we want of a shop.

The privacy topics cannot be asked for here: Shopify takes them from the app's configuration.
"""

from app.platforms.base import PlatformError
from app.platforms.shopify.answers import part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.failures import said
from app.platforms.shopify.queries import query

TOPICS = (
    "orders/create",
    "orders/updated",
    "orders/paid",
    "orders/cancelled",
    "orders/edited",
    "orders/fulfilled",
    "orders/delete",
    "refunds/create",
    "customers/create",
    "customers/update",
    "customers/delete",
    "customers/merge",
    "discounts/delete",
    "shop/update",
    "app/uninstalled",
)
PRIVACY_TOPICS = ("customers/data_request", "customers/redact", "shop/redact")

_LIST = query("webhook_subscriptions")
_CREATE = query("webhook_subscription_create")
_PAGE = 50


def subscribe(client: Client, address: str) -> int:
    """Have every topic sent to an address; how many were not there before."""
    known = {
        node.get("topic")
        for node in client.walk(_LIST, "webhookSubscriptions", first=_PAGE)
        if node.get("uri") == address
    }
    missing = [topic for topic in TOPICS if enum_name(topic) not in known]
    refusals = {topic: _refusal(client, topic, address) for topic in missing}
    unheard = [f"{topic} ({why})" for topic, why in refusals.items() if why]
    if unheard:
        raise PlatformError(f"Shopify will not send us {', '.join(unheard)}.", permanent=True)
    return len(missing)


def enum_name(topic: str) -> str:
    """A topic as GraphQL writes it: `orders/create` is ORDERS_CREATE."""
    return topic.replace("/", "_").upper()


def _refusal(client: Client, topic: str, address: str) -> str:
    """Subscribe to one topic; why not, when Shopify refuses, so that the others are still asked.

    One that is there already has been asked for by another try since we looked.
    """
    wanted = {"uri": address, "format": "JSON"}
    data = client.ask(_CREATE, topic=enum_name(topic), webhookSubscription=wanted)
    why = said(user_errors(part(data, "webhookSubscriptionCreate")))
    return "" if "already been taken" in why else why
