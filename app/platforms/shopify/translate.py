"""From a webhook of Shopify to events in our words; the payload goes no further than this.

What does not concern loyalty is an empty list, not an error: we may be sent more than we asked for.
"""

from collections.abc import Callable, Mapping

from app.domain.errors import NotUnderstood
from app.domain.events import (
    CustomerChanged,
    CustomerDataRequested,
    CustomerErased,
    CustomersMerged,
    DiscountDeleted,
    Event,
    OrderChanged,
    OrderDeleted,
    OrderRefunded,
    OrderTouched,
    ShopChanged,
    ShopErased,
    ShopLeft,
)
from app.platforms.base import Fingerprint
from app.platforms.shopify.reading import (
    Record,
    currency_code,
    identity,
    identity_or_none,
    inner,
    words,
)
from app.platforms.shopify.translate_order import email_hash, order_in, paid_order_in
from app.platforms.shopify.translate_refund import currency_of, refund_in

_MERGED = ("success", "completed")
MOST_ZONE = 64
"""Letters of a time zone's name; the longest there is has half of them."""

Translation = Callable[[Record, Fingerprint], list[Event]]


def events_in(topic: str, payload: object, fingerprint: Fingerprint) -> list[Event]:
    """The events a payload reports. Raises NotUnderstood when it is not what its topic says."""
    translation = _TRANSLATIONS.get(topic)
    if translation is None:
        return []
    if not isinstance(payload, Mapping):
        raise NotUnderstood(f"The body of {topic} is not a record.")
    return translation(payload, fingerprint)


def _order_changed(payload: Record, fingerprint: Fingerprint) -> list[Event]:
    return [OrderChanged(order_in(payload, fingerprint))]


def _order_paid(payload: Record, fingerprint: Fingerprint) -> list[Event]:
    return [OrderChanged(paid_order_in(payload, fingerprint))]


def _order_edited(payload: Record, _: Fingerprint) -> list[Event]:
    """An edit is told as differences without money, so the order has to be read again."""
    edit = inner(payload, "order_edit")
    if edit is None:
        raise NotUnderstood("'order_edit' is missing.")
    return [OrderTouched(identity(edit, "order_id"))]


def _order_paid_toward(payload: Record, _: Fingerprint) -> list[Event]:
    return [OrderTouched(identity(payload, "order_id"))]


def _order_deleted(payload: Record, _: Fingerprint) -> list[Event]:
    return [OrderDeleted(identity(payload, "id"))]


def _order_refunded(payload: Record, _: Fingerprint) -> list[Event]:
    currency = currency_of(payload)
    refund = refund_in(payload, currency)
    if refund.extra_minor and not currency:
        raise NotUnderstood("'order_adjustments' are in a currency that is not named.")
    return [OrderRefunded(identity(payload, "order_id"), refund)]


def _discount_deleted(payload: Record, _: Fingerprint) -> list[Event]:
    """What was deleted is told by its id alone: automatic discounts are none of ours."""
    ref = words(payload, "admin_graphql_api_id")
    if not ref:
        raise NotUnderstood("'admin_graphql_api_id' is missing.")
    return [DiscountDeleted(ref)] if "/DiscountCodeNode/" in ref else []


def _customer_changed(payload: Record, fingerprint: Fingerprint) -> list[Event]:
    return [CustomerChanged(identity(payload, "id"), email_hash(payload, fingerprint))]


def _customer_deleted(payload: Record, fingerprint: Fingerprint) -> list[Event]:
    return [CustomerErased(identity(payload, "id"), email_hash(payload, fingerprint))]


def _customers_merged(payload: Record, _: Fingerprint) -> list[Event]:
    """A merge is also reported when it has been asked for or has failed; then nobody moves."""
    kept_id = identity(payload, "admin_graphql_api_customer_kept_id")
    gone_id = identity(payload, "admin_graphql_api_customer_deleted_id")
    if words(payload, "status").lower() not in _MERGED or kept_id == gone_id:
        return []
    return [CustomersMerged(kept_id, gone_id)]


def _data_requested(payload: Record, fingerprint: Fingerprint) -> list[Event]:
    customer_id, hashed = _person(payload, fingerprint)
    if customer_id is None and hashed is None:
        return []
    return [CustomerDataRequested(customer_id, hashed)]


def _customer_erased(payload: Record, fingerprint: Fingerprint) -> list[Event]:
    customer_id, hashed = _person(payload, fingerprint)
    if customer_id is None and hashed is None:
        return []
    return [CustomerErased(customer_id, hashed)]


def _person(payload: Record, fingerprint: Fingerprint) -> tuple[str | None, str | None]:
    """Whom a privacy topic is about; one known only by telephone is nobody we hold."""
    customer = inner(payload, "customer") or {}
    return identity_or_none(customer, "id"), email_hash(customer, fingerprint)


def _shop_changed(payload: Record, _: Fingerprint) -> list[Event]:
    name, currency = words(payload, "name"), currency_code(payload, "currency")
    if not name:
        raise NotUnderstood("'name' is missing.")
    return [ShopChanged(name, currency, words(payload, "iana_timezone", most=MOST_ZONE))]


def _shop_left(_: Record, __: Fingerprint) -> list[Event]:
    return [ShopLeft()]


def _shop_erased(_: Record, __: Fingerprint) -> list[Event]:
    return [ShopErased()]


_TRANSLATIONS: Mapping[str, Translation] = {
    "orders/create": _order_changed,
    "orders/updated": _order_changed,
    "orders/paid": _order_paid,
    "orders/cancelled": _order_changed,
    "orders/fulfilled": _order_changed,
    "orders/partially_fulfilled": _order_changed,
    "orders/edited": _order_edited,
    "orders/delete": _order_deleted,
    "order_transactions/create": _order_paid_toward,
    "refunds/create": _order_refunded,
    "discounts/delete": _discount_deleted,
    "customers/create": _customer_changed,
    "customers/update": _customer_changed,
    "customers/enable": _customer_changed,
    "customers/disable": _customer_changed,
    "customers/delete": _customer_deleted,
    "customers/merge": _customers_merged,
    "customers/data_request": _data_requested,
    "customers/redact": _customer_erased,
    "shop/update": _shop_changed,
    "app/uninstalled": _shop_left,
    "shop/redact": _shop_erased,
}


def known_topics() -> frozenset[str]:
    """Every topic that is worth being told of."""
    return frozenset(_TRANSLATIONS)
