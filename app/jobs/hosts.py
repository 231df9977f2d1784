"""The host platform that an installation speaks with, made from its settings."""

from app.config import Settings
from app.platforms.base import Platform
from app.platforms.shopify.platform import Shopify
from app.platforms.shopify.registration import Registration

SCOPES = (
    "read_orders",
    "read_customers",
    "read_customer_merge",
    "read_products",
    "read_discounts",
    "write_discounts",
    "write_customers",
    "read_gift_cards",
    "write_gift_cards",
    "read_store_credit_accounts",
    "read_store_credit_account_transactions",
    "write_store_credit_account_transactions",
    "write_app_proxy",
)
"""What we ask every merchant for; the manifest says why."""

SCRIPT_SCOPE = "write_script_tags"
"""Asked for only where the host still takes script tags: elsewhere nobody could grant it."""


def scopes_of(settings: Settings) -> tuple[str, ...]:
    """What we ask a merchant of this installation for."""
    return (*SCOPES, SCRIPT_SCOPE) if settings.shopify_script_tags else SCOPES


def platform_of(settings: Settings) -> Platform:
    """The platform as these settings describe our registration with it."""
    return Shopify(
        Registration(
            client_id=settings.shopify_client_id,
            client_secret=settings.shopify_client_secret,
            old_client_secret=settings.shopify_old_client_secret,
            origin=settings.shopify_origin,
            script_tags=settings.shopify_script_tags,
            scopes=scopes_of(settings),
        )
    )
