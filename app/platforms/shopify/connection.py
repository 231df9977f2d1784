"""One shop at Shopify, spoken to with its token."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.events import CustomerChanged, ShopChanged
from app.domain.order import Order
from app.domain.products import ProductFacts
from app.domain.rewards import Discount
from app.platforms.base import Fingerprint, Tokens
from app.platforms.shopify import customers, discounts, orders, products, webhooks, widget
from app.platforms.shopify.answers import part
from app.platforms.shopify.client import Client
from app.platforms.shopify.queries import query
from app.platforms.shopify.reading import words
from app.platforms.shopify.registration import Registration

_SHOP = query("shop")


class ShopifyConnection:
    """What we ask of one shop; every call can be repeated."""

    def __init__(
        self,
        registration: Registration,
        shop_domain: str,
        tokens: Tokens,
        fingerprint: Fingerprint,
    ) -> None:
        origin = registration.origin_of(shop_domain)
        url = f"{origin}/admin/api/{registration.api_version}/graphql.json"
        self._client = Client(url, tokens.access)
        self._script_tags = registration.script_tags
        self._fingerprint = fingerprint

    def shop(self) -> ShopChanged:
        """The shop's own facts."""
        shop = part(self._client.ask(_SHOP), "shop")
        return ShopChanged(
            words(shop, "name"), words(shop, "currencyCode"), words(shop, "ianaTimezone")
        )

    def subscribe(self, address: str) -> int:
        """Have every topic sent to an address; how many were not there before."""
        return webhooks.subscribe(self._client, address)

    def inject_widget(self, script_url: str) -> bool:
        """Put the widget in every page; False where the merchant must switch the embed on."""
        return self._script_tags and widget.inject(self._client, script_url)

    def remove_widget(self) -> None:
        """Take our script out of the shop's pages; an embed goes with the app by itself."""
        if self._script_tags:
            widget.remove(self._client)

    def create_discount(self, discount: Discount) -> None:
        """Make a code exist. One that already exists is ours from an earlier try."""
        discounts.create(self._client, discount)

    def kill_discount(self, code: str) -> bool:
        """Make a code useless; False when an order has used it already."""
        return discounts.kill(self._client, code)

    def order(self, order_id: str) -> Order | None:
        """An order as it is now; None when Shopify does not have it."""
        return orders.order(self._client, order_id, self._fingerprint)

    def product(self, product_id: str) -> ProductFacts | None:
        """What the catalog says of a product; None when Shopify does not have it."""
        return products.product(self._client, product_id)

    def orders_since(self, moment: datetime) -> Iterator[Order]:
        """Every order that changed at or after a moment, oldest change first."""
        return orders.orders_since(self._client, moment, self._fingerprint)

    def customers_since(self, moment: datetime) -> Iterator[CustomerChanged]:
        """Every customer that changed at or after a moment, oldest change first."""
        return customers.customers_since(self._client, moment, self._fingerprint)
