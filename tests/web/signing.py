"""What a platform signs, signed here by the rules of its documentation and not by our own code."""

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import urlencode

from tests.databases import NOON

SHOP = "nordlys.myshopify.com"
OTHER_SHOP = "sydlys.myshopify.com"
SECRET = "hush"
AT = str(int(NOON.timestamp()))


def _sign(message, secret):
    return hmac.new(secret.encode(), message, hashlib.sha256)


def delivery_headers(
    body, *, shop=SHOP, topic="orders/paid", key="delivery-1", secret=SECRET, version="2026-10"
):
    """The headers of a webhook."""
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": b64encode(_sign(body, secret).digest()).decode(),
        "X-Shopify-Shop-Domain": shop,
        "X-Shopify-API-Version": version,
        "X-Shopify-Webhook-Id": key,
        "X-Shopify-Triggered-At": "2026-06-01T12:00:00.000000000Z",
    }


def delivered(client, document, **facts):
    """Send a webhook as the platform would, and return the answer."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return client.post("/webhooks", data=body, headers=delivery_headers(body, **facts))


def link(path, *, secret=SECRET, **changes):
    """A link into the app that the admin of a shop signed."""
    facts = {"shop": SHOP, "timestamp": AT} | changes
    message = urlencode(sorted(facts.items())).encode()
    return f"{path}?{urlencode(facts | {'hmac': _sign(message, secret).hexdigest()})}"


def session_token(*, secret=SECRET, **changes):
    """A session token of the admin, for user 91; None takes a claim away."""
    at = int(AT)
    claims = {
        "iss": f"https://{SHOP}/admin",
        "dest": f"https://{SHOP}",
        "aud": "client-1",
        "sub": "91",
        "exp": at + 60,
        "nbf": at,
        "iat": at,
        "jti": "f8912129",
        "sid": "aaea182f",
    } | changes
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    message = ".".join(_base64url(json.dumps(part).encode()) for part in parts)
    return f"{message}.{_base64url(_sign(message.encode(), secret).digest())}"


def _base64url(raw):
    return urlsafe_b64encode(raw).decode().rstrip("=")


def proxied(path, *, customer="7", secret=SECRET, **changes):
    """An address as the shop's proxy passes it on for a customer; an empty one is a guest."""
    facts = {
        "shop": SHOP,
        "logged_in_customer_id": customer,
        "path_prefix": "/apps/stamkunde",
        "timestamp": AT,
    }
    facts |= changes
    message = "".join(f"{name}={facts[name]}" for name in sorted(facts)).encode()
    return f"{path}?{urlencode(facts | {'signature': _sign(message, secret).hexdigest()})}"
