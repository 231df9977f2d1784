"""What the demo shop signs, as questions for the judges: the requests of a shop to an app."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from demoshop.config import Settings
from demoshop.host.session_tokens import claims_of, signed
from demoshop.host.signatures import body_hmac, host_parameter, proxy_signature, signed_query
from tests.contracts.judges import CLIENT_ID, SECRET

SHOP = "nordlys.myshopify.com"
SETTINGS = Settings(domain=SHOP, client_id=CLIENT_ID, client_secret=SECRET)
BODY = '{"id": 1001, "note": "Blåbærsyltetøj", "total_price": "120.00"}'


def timestamp(ago: int = 0) -> str:
    """The second of asking, or so many before it."""
    return str(int(datetime.now(UTC).timestamp()) - ago)


def webhook(body: str = BODY, secret: str = SECRET, **headers: str) -> dict[str, Any]:
    """A webhook, with any of its headers in another way."""
    named = {
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Hmac-Sha256": body_hmac(secret, body.encode()),
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    }
    return {"kind": "webhook", "body": body, "headers": named | headers}


def link(secret: str = SECRET, **facts: str) -> dict[str, Any]:
    """A link from the admin, as at the end of an authorization."""
    parameters = {
        "code": "0907a61c0c8d55e99db179b68161bc00",
        "host": host_parameter(SHOP),
        "shop": SHOP,
        "state": "5f2c81d09a",
        "timestamp": timestamp(),
    }
    return {"kind": "link", "query": signed_query(secret, parameters | facts)}


def proxied(secret: str = SECRET, **facts: str) -> dict[str, Any]:
    """A request that the storefront's proxy passes on for a customer."""
    parameters = {
        "logged_in_customer_id": "7",
        "path_prefix": "/apps/stamkunde",
        "shop": SHOP,
        "timestamp": timestamp(),
    } | facts
    signature = proxy_signature(secret, parameters.items())
    return {"kind": "proxy", "query": urlencode(parameters | {"signature": signature})}


def claims(**changes: Any) -> dict[str, Any]:
    """What a session token of now says; None takes a claim away."""
    told = claims_of(SETTINGS, datetime.now(UTC)) | changes
    return {name: value for name, value in told.items() if value is not None}


def token(secret: str = SECRET, **changes: Any) -> dict[str, Any]:
    """A session token from the admin."""
    return {"kind": "session_token", "token": signed(secret, claims(**changes))}
