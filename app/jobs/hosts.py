"""The host platform that an installation speaks with, made from its settings."""

from app.config import Settings
from app.platforms.base import Platform
from app.platforms.shopify.platform import Shopify
from app.platforms.shopify.registration import Registration
from app.platforms.shopify.scopes import OPTIONAL, REQUIRED, SCRIPT

SCOPES = (*REQUIRED, *OPTIONAL)
"""All that we may come to ask of a merchant."""


def scopes_of(settings: Settings) -> tuple[str, ...]:
    """What we ask a merchant of this installation for."""
    return (*REQUIRED, SCRIPT) if settings.shopify_script_tags else REQUIRED


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
