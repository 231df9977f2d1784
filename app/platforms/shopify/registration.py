"""Our app's registration with Shopify: who we are there and what we ask merchants for."""

import re
from dataclasses import dataclass, field

from app.platforms.base import PlatformError

_SHOP_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The settings of one app at one host.

    `origin` is where a shop's API lives; a demo host that serves every shop has no `{shop}` in it.
    `old_client_secret` is still accepted on signatures while the secret is being changed.
    """

    client_id: str
    client_secret: str = field(repr=False)
    old_client_secret: str | None = field(default=None, repr=False)
    origin: str = "https://{shop}"
    script_tags: bool = False
    scopes: tuple[str, ...]
    api_version: str = "2026-10"
    embed_handle: str = "stamkunde"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret by which a signature may have been made."""
        known = (self.client_secret, self.old_client_secret)
        return tuple(secret for secret in known if secret)

    def origin_of(self, domain: str) -> str:
        """Where the API of a shop is, for a domain that is one."""
        if shop_domain(domain) is None:
            raise PlatformError("That is not the domain of a shop.", permanent=True)
        return self.origin.replace("{shop}", domain)


def shop_domain(claimed: str) -> str | None:
    """The domain in lower case when it has the form of a shop's, else None.

    The whole text has to match: what follows a shop's domain could be somebody else's host.
    """
    return claimed.lower() if _SHOP_DOMAIN.fullmatch(claimed) else None
