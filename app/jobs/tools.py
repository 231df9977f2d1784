"""What the jobs work with, handed in from outside: database, vault, platform, our own address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.db import Database
from app.models.shop import Shop
from app.platforms.base import Fingerprint, Platform
from app.vault import Vault

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Tools:
    """One installation's parts; `public_url` is where platforms reach us."""

    database: Database
    vault: Vault
    platform: Platform
    public_url: str

    def fingerprint(self, shop: Shop) -> Fingerprint:
        """The keyed hash of e-mail addresses for one shop."""
        domain = shop.domain
        return lambda email: self.vault.fingerprint(domain, email)

    def hash_mark(self, shop: Shop) -> str:
        """What tells whether two places hash a shop's addresses alike: the hash of none."""
        return self.fingerprint(shop)("")
