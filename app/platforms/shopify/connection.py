"""One shop at Shopify, spoken to with its token."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from app.domain.events import CustomerChanged, ShopChanged
from app.domain.issued import Credit, Discount, FoundCode, GiftCard, PooledCode
from app.domain.order import Order
from app.domain.products import ProductFacts
from app.platforms.base import Fingerprint, Tokens
from app.platforms.shopify import balances as customer_balances
from app.platforms.shopify import (
    code_list,
    customers,
    discounts,
    gift_cards,
    orders,
    pools,
    products,
    store_credit,
    webhooks,
    widget,
)
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

    def create_discount(self, discount: Discount) -> str | None:
        """Make a code exist; its id there. One that already exists is ours from an earlier try."""
        return discounts.create(self._client, discount)

    def kill_discount(self, code: str) -> bool:
        """Make a code useless; False when an order has used it already."""
        return discounts.kill(self._client, code)

    def codes_of_ours(self) -> Iterator[FoundCode]:
        """Every code of a discount of its own that carries our name and is switched on."""
        return code_list.codes_of_ours(self._client)

    def is_code_lost(self, code: str) -> bool:
        """Whether a code is gone, or was switched off before anybody used it."""
        return code_list.is_lost(self._client, code)

    def open_pool(self, parent: Discount) -> str:
        """Make the discount that pooled codes hang under; its id there. One of ours is taken."""
        return pools.open_pool(self._client, parent)

    def add_codes(self, pool_ref: str, codes: Sequence[str]) -> str:
        """Begin to add codes to a pool, at most 250; Shopify's id of the adding."""
        return pools.add(self._client, pool_ref, codes)

    def codes_added(self, adding_ref: str) -> Mapping[str, str] | None:
        """The codes that an adding has made, each with its id; None while it is under way."""
        return pools.added(self._client, adding_ref)

    def pooled_code(self, pool_ref: str, code: str) -> PooledCode | None:
        """A code of this pool as Shopify has it; None when it is not in there."""
        return pools.find(self._client, pool_ref, code)

    def remove_codes(self, pool_ref: str, code_refs: Sequence[str]) -> None:
        """Begin to delete codes of a pool, at most 250, by their ids there."""
        pools.remove(self._client, pool_ref, code_refs)

    def give_gift_card(self, card: GiftCard) -> str:
        """Make a gift card exist; its id there. One that already exists is ours."""
        return gift_cards.give(self._client, card)

    def find_gift_card(self, card: GiftCard) -> str | None:
        """The id of our gift card; None when it was never made."""
        return gift_cards.find(self._client, card)

    def give_credit(self, credit: Credit) -> str:
        """Give a customer money for next orders, unless an earlier try has; the credit's id."""
        return store_credit.give(self._client, credit)

    def find_credit(self, credit: Credit) -> str | None:
        """The id of a credit that an earlier try has given; None when none has."""
        return store_credit.find(self._client, credit)

    def add_tag(self, customer_id: str, tag: str) -> None:
        """Mark a customer with a tag, beside those they have."""
        customers.add_tag(self._client, customer_id, tag)

    def remove_tag(self, customer_id: str, tag: str) -> None:
        """Take a tag from a customer; one they do not have is gone already."""
        customers.remove_tag(self._client, customer_id, tag)

    def keep_balances(self, balances: Mapping[str, int]) -> frozenset[str]:
        """Keep points with up to 25 customers, for the theme to print; who is not there."""
        return customer_balances.keep(self._client, balances)

    def order(self, order_id: str) -> Order | None:
        """An order as it is now; None when Shopify does not have it."""
        return orders.order(self._client, order_id, self._fingerprint)

    def product(self, product_id: str) -> ProductFacts | None:
        """What the catalog says of a product; None when Shopify does not have it."""
        return products.product(self._client, product_id)

    def orders_since(self, moment: datetime) -> Iterator[Order]:
        """Every order that changed at or after a moment, oldest change first."""
        return orders.orders_since(self._client, moment, self._fingerprint)

    def customers_since(self, moment: datetime) -> Iterator[tuple[CustomerChanged, datetime]]:
        """Every customer that changed at or after a moment, and when, oldest change first."""
        return customers.customers_since(self._client, moment, self._fingerprint)
