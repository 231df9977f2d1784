"""What every host platform can do for us, and the one way in which it can fail.

A `Platform` is what the app knows without any shop: how to check a signature and read a payload.
A `Connection` speaks to one shop. Neither sees a session, a row or Flask, and every call of a
connection can be repeated: it looks for what an earlier try may have made before it makes it again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.domain.errors import NotUnderstood
from app.domain.events import CustomerChanged, Event, ShopChanged
from app.domain.issued import Credit, Discount, FoundCode, GiftCard, PooledCode
from app.domain.order import Order
from app.domain.products import ProductFacts
from app.domain.rewards import Reward

Fingerprint = Callable[[str], str]
"""From an e-mail address to the keyed hash by which a guest is recognized."""


class PlatformError(Exception):
    """A platform did not do what was asked.

    `permanent` says that asking again cannot help; `retry_after_seconds` is the platform's own
    wish, zero where it has none.
    """

    def __init__(self, message: str, *, permanent: bool, retry_after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after_seconds = retry_after_seconds


class Unauthorized(PlatformError):
    """The shop's token is not accepted: refresh it once, then wait for the merchant."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


class UnreadableOrders(NotUnderstood):
    """Some orders of a walk make no sense, and are named; all others have been told."""

    def __init__(self, message: str, order_ids: tuple[str, ...]) -> None:
        super().__init__(message)
        self.order_ids = order_ids


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a platform lets us in with. Never logged, and stored only sealed.

    `expires_at` is None for a token that lives until it is revoked.
    """

    access: str = field(repr=False)
    scopes: tuple[str, ...]
    expires_at: datetime | None = None
    refresh: str | None = field(default=None, repr=False)
    refresh_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedDelivery:
    """The envelope of a webhook whose signature was right; its body has not been looked at.

    `delivery_id` is the same on every retry of one delivery; a platform that sends none gets one
    that is made of the topic and the body. `other_version` is that of the platform's API by which
    the body was written, when it is not the one we are made for; else empty.
    """

    shop_domain: str
    delivery_id: str
    topic: str
    triggered_at: datetime | None
    other_version: str = ""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who is looking at the storefront, by the platform's own proof; None is a guest."""

    shop_domain: str
    customer_id: str | None


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who has our page open inside the platform's admin, by a token that the platform signed."""

    shop_domain: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """In what this host differs from others."""

    script_tags: bool
    """The widget can be put in every page by the script API; else the merchant switches an
    app embed on."""


class Connection(Protocol):
    """One shop, spoken to with its token. Every call raises PlatformError and can be repeated."""

    def shop(self) -> ShopChanged:
        """The shop's own facts."""

    def subscribe(self, address: str) -> int:
        """Have every topic of the manifest sent to an address; how many were not there before."""

    def inject_widget(self, script_url: str) -> bool:
        """Put the widget in every page; False where the merchant must switch the embed on."""

    def remove_widget(self) -> None:
        """Take our script out of the shop's pages."""

    def create_discount(self, discount: Discount) -> str | None:
        """Make a code exist; its id there. One that already exists is ours from an earlier try."""

    def kill_discount(self, code: str) -> bool:
        """Make a code useless; False when an order has used it already.

        A code that never came to be is dead too.
        """

    def codes_of_ours(self) -> Iterator[FoundCode]:
        """Every code of a discount of its own that carries our name and is switched on.

        One that was made or switched off just now may be missed: `is_code_lost` knows better.
        """

    def is_code_lost(self, code: str) -> bool:
        """Whether a code is gone, or was switched off before anybody used it."""

    def open_pool(self, parent: Discount) -> str:
        """Make the discount that pooled codes hang under; its id there. One of ours is taken."""

    def add_codes(self, pool_ref: str, codes: Sequence[str]) -> str:
        """Begin to add codes to a pool, at most 250; the platform's id of the adding."""

    def codes_added(self, adding_ref: str) -> Mapping[str, str] | None:
        """The codes that an adding has made, each with its id; None while it is under way."""

    def pooled_code(self, pool_ref: str, code: str) -> PooledCode | None:
        """A code of this pool as the platform has it; None when it is not in there."""

    def remove_codes(self, pool_ref: str, code_refs: Sequence[str]) -> None:
        """Begin to delete codes of a pool, at most 250, by their ids there."""

    def give_gift_card(self, card: GiftCard) -> str:
        """Make a gift card exist; its id there. One that already exists is ours."""

    def find_gift_card(self, card: GiftCard) -> str | None:
        """The id of our gift card; None when it was never made."""

    def give_credit(self, credit: Credit) -> str:
        """Give a customer money for next orders, unless an earlier try has; the credit's id."""

    def find_credit(self, credit: Credit) -> str | None:
        """The id of a credit that an earlier try has given; None when none has."""

    def add_tag(self, customer_id: str, tag: str) -> None:
        """Mark a customer with a tag, beside those they have."""

    def remove_tag(self, customer_id: str, tag: str) -> None:
        """Take a tag from a customer; one they do not have is gone already."""

    def keep_balances(self, balances: Mapping[str, int]) -> frozenset[str]:
        """Keep points with up to 25 customers, for the shop's pages to print; who is not there."""

    def order(self, order_id: str) -> Order | None:
        """An order as it is now; None when the platform does not have it."""

    def product(self, product_id: str) -> ProductFacts | None:
        """What the catalog says of a product; None when the platform does not have it."""

    def orders_since(self, moment: datetime) -> Iterator[Order]:
        """Every order that changed at or after a moment, oldest change first."""

    def customers_since(self, moment: datetime) -> Iterator[tuple[CustomerChanged, datetime]]:
        """Every customer that changed at or after a moment, and when, oldest change first."""


class Platform(Protocol):
    """A host platform, and our app's registration with it."""

    name: str
    capabilities: Capabilities

    def verify_delivery(self, headers: Mapping[str, str], body: bytes) -> SignedDelivery | None:
        """The envelope of a webhook, or None when the platform did not sign it."""

    def verify_shopper(self, query_string: bytes, *, now: datetime) -> Shopper | None:
        """Who the storefront's proxy says is asking, or None when it did not sign."""

    def verify_admin(self, query_string: bytes, *, now: datetime) -> str | None:
        """The shop domain in a link that the platform signed (app URL, callback), or None."""

    def verify_merchant(self, token: str, *, now: datetime) -> Merchant | None:
        """Who a session token says is in the admin, or None when it is not the platform's."""

    def events_in(
        self, topic: str, payload: Mapping[str, Any], fingerprint: Fingerprint
    ) -> list[Event]:
        """The events a payload reports: none for what does not concern loyalty.

        Raises NotUnderstood when the payload is not what its topic says.
        """

    def install_url(
        self, shop_domain: str, *, redirect_url: str, state: str, also: Sequence[str] = ()
    ) -> str:
        """Where the merchant agrees to let us in; `also` to what only their program needs."""

    def missing_scopes(self, granted: Sequence[str], rewards: Sequence[Reward]) -> tuple[str, ...]:
        """What was not granted of what every shop must, or with rewards of what those need."""

    def missing_for_balances(self, granted: Sequence[str]) -> tuple[str, ...]:
        """What was not granted of what keeping balances with the customers takes."""

    def embed_url(self, shop_domain: str) -> str:
        """Where the merchant switches the widget on by hand."""

    def apply_path(self, code: str) -> str | None:
        """The path of the shop that puts a discount code on the cart; None where there is none."""

    def exchange(self, shop_domain: str, code: str, *, now: datetime) -> Tokens:
        """Tokens for the code that the merchant brought back. Raises PlatformError."""

    def exchange_session(self, shop_domain: str, token: str, *, now: datetime) -> Tokens:
        """Tokens for a session token of a merchant who has installed us. Raises PlatformError."""

    def refresh(self, shop_domain: str, refresh_token: str, *, now: datetime) -> Tokens:
        """New tokens for old. Raises Unauthorized when the platform wants the merchant again."""

    def connect(self, shop_domain: str, tokens: Tokens, fingerprint: Fingerprint) -> Connection:
        """A connection to one shop."""
