"""Shopify as the app knows it without any shop: signatures, payloads, installing."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from app.domain.events import Event
from app.domain.rewards import Reward
from app.platforms.base import (
    Capabilities,
    Fingerprint,
    Merchant,
    Shopper,
    SignedDelivery,
    Tokens,
)
from app.platforms.shopify import oauth, scopes, session_tokens, signatures, translate
from app.platforms.shopify.connection import ShopifyConnection
from app.platforms.shopify.registration import Registration, shop_domain

_MOST_ID = 100
_MOST_TOPIC = 100
_MOST_VERSION = 20


class Shopify:
    """The platform, for one registration of our app."""

    name = "shopify"

    def __init__(self, registration: Registration) -> None:
        self._registration = registration
        self.capabilities = Capabilities(script_tags=registration.script_tags)

    def verify_delivery(self, headers: Mapping[str, str], body: bytes) -> SignedDelivery | None:
        """The envelope of a webhook, or None when Shopify did not sign it."""
        named = {name.lower(): value for name, value in headers.items()}
        signature = named.get("x-shopify-hmac-sha256", "")
        domain = shop_domain(named.get("x-shopify-shop-domain", ""))
        topic = named.get("x-shopify-topic", "")[:_MOST_TOPIC]
        if domain is None or not topic:
            return None
        if not signatures.is_from_shopify(body, signature, self._registration.secrets):
            return None
        delivery_id = named.get("x-shopify-webhook-id", "")
        if not 0 < len(delivery_id) <= _MOST_ID:
            delivery_id = hashlib.sha256(topic.encode() + b"\n" + body).hexdigest()
        triggered_at = _moment(named.get("x-shopify-triggered-at", ""))
        version = named.get("x-shopify-api-version", "")[:_MOST_VERSION]
        # An expired version falls forward to the oldest that is left, and says so only here.
        other = "" if version == self._registration.api_version else version
        return SignedDelivery(domain, delivery_id, topic, triggered_at, other)

    def verify_shopper(self, query_string: bytes, *, now: datetime) -> Shopper | None:
        """Who the storefront's proxy says is asking, or None when it did not sign."""
        return signatures.shopper_in_proxy(query_string, self._registration.secrets, now=now)

    def verify_admin(self, query_string: bytes, *, now: datetime) -> str | None:
        """The shop in a link that Shopify signed (app URL, callback), or None."""
        return signatures.shop_in_link(query_string, self._registration.secrets, now=now)

    def verify_merchant(self, token: str, *, now: datetime) -> Merchant | None:
        """Who a session token says is in the admin, or None when it is not Shopify's."""
        return session_tokens.merchant_in_token(self._registration, token, now)

    def events_in(
        self, topic: str, payload: Mapping[str, Any], fingerprint: Fingerprint
    ) -> list[Event]:
        """The events a payload reports: none for what does not concern loyalty."""
        return translate.events_in(topic, payload, fingerprint)

    def install_url(
        self, shop_domain: str, *, redirect_url: str, state: str, also: Sequence[str] = ()
    ) -> str:
        """Where the merchant agrees to let us in; `also` to what only their program needs."""
        return oauth.install_url(self._registration, shop_domain, redirect_url, state, also)

    def missing_scopes(self, granted: Sequence[str], rewards: Sequence[Reward]) -> tuple[str, ...]:
        """What was not granted of what every shop must, or with rewards of what those need."""
        needed = {scope: None for reward in rewards for scope in scopes.for_reward(reward)}
        wanted = tuple(needed) if rewards else self._registration.scopes
        return scopes.missing(wanted, tuple(granted))

    def missing_for_balances(self, granted: Sequence[str]) -> tuple[str, ...]:
        """What was not granted of what keeping balances with the customers takes."""
        return scopes.missing((scopes.CUSTOMERS,), tuple(granted))

    def embed_url(self, shop_domain: str) -> str:
        """Where the merchant switches the widget on by hand: the theme editor, at our embed."""
        block = f"{self._registration.client_id}/{self._registration.embed_handle}"
        asked = {"context": "apps", "template": "index", "activateAppId": block}
        origin = self._registration.origin_of(shop_domain)
        return f"{origin}/admin/themes/current/editor?{urlencode(asked, safe='/')}"

    def apply_path(self, code: str) -> str | None:
        """Shopify's shareable discount link, which keeps the code for this visit's checkout."""
        return f"/discount/{quote(code, safe='')}?redirect=/cart"

    def exchange(self, shop_domain: str, code: str, *, now: datetime) -> Tokens:
        """Tokens for the code that the merchant brought back."""
        return oauth.exchange(self._registration, shop_domain, code, now)

    def exchange_session(self, shop_domain: str, token: str, *, now: datetime) -> Tokens:
        """Tokens for a session token of a merchant who has installed us."""
        return oauth.exchange_session(self._registration, shop_domain, token, now)

    def refresh(self, shop_domain: str, refresh_token: str, *, now: datetime) -> Tokens:
        """New tokens for old. Raises Unauthorized when Shopify wants the merchant again."""
        return oauth.refresh(self._registration, shop_domain, refresh_token, now)

    def connect(
        self, shop_domain: str, tokens: Tokens, fingerprint: Fingerprint
    ) -> ShopifyConnection:
        """A connection to one shop."""
        return ShopifyConnection(self._registration, shop_domain, tokens, fingerprint)


def _moment(written: str) -> datetime | None:
    """When Shopify says that it happened: a hint for people, so no reason to refuse a delivery."""
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
