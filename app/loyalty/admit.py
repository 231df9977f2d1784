"""Admit a shop that has let us in, for the first time or again; and note that one has left."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.effects import Connect
from app.domain.templates import points_and_tiers
from app.loyalty.publish import publish
from app.models.api_key import revoke_all
from app.models.effect import hurry, queue
from app.models.fact import FactKind, journal
from app.models.program import latest_number
from app.models.shop import Credential, Shop, ShopState, find_shop
from app.models.synced_balance import forget_synced


@dataclass(frozen=True, slots=True)
class SealedTokens:
    """What a platform lets us in with, as it is stored."""

    access: bytes = field(repr=False)
    refresh: bytes | None = field(repr=False)
    expires_at: datetime | None
    scopes: tuple[str, ...]


def admit(
    session: Session, *, platform: str, domain: str, tokens: SealedTokens, at: datetime
) -> Shop:
    """Note a shop and its tokens, and queue what connects it; a second time renews the tokens.

    The program is published when the shop's money is known (see `learn`).
    """
    shop = find_shop(session, domain)
    if shop is None:
        shop = Shop(domain=domain, platform=platform, installed_at=at)
        session.add(shop)
        session.flush()
    if shop.state == ShopState.LEFT:
        # What happened while nobody told us is found by reconciling from there on.
        shop.reconciled_until = shop.reconciled_until or shop.left_at
        forget_synced(session, shop.id)
    if shop.state != ShopState.ACTIVE:
        hurry(session, shop.id, at=at)
    shop.installed_at = at
    shop.state = ShopState.ACTIVE
    shop.left_at = None
    keep_tokens(session, shop, tokens)
    queue(session, shop.id, [Connect(shop.domain)], at=at)
    return shop


def keep_tokens(session: Session, shop: Shop, tokens: SealedTokens) -> None:
    """Replace a shop's tokens; the old ones are gone with the same commit."""
    credential = session.get(Credential, shop.id)
    if credential is None:
        credential = Credential(shop_id=shop.id)
        session.add(credential)
    credential.access_sealed = tokens.access
    credential.refresh_sealed = tokens.refresh
    credential.expires_at = tokens.expires_at
    credential.scopes = ",".join(tokens.scopes)
    credential.refreshing_until = None


def learn(
    session: Session, shop: Shop, *, name: str, currency: str, timezone: str, at: datetime
) -> None:
    """Note a shop's own facts; with the first currency comes the first program, as a preview."""
    known = (shop.name, shop.currency, shop.timezone)
    # Shopify's own sample has neither of the latter; what is known already stays.
    learned = (name[:255], currency or shop.currency, timezone or shop.timezone)
    if learned != known:
        shop.name, shop.currency, shop.timezone = learned
        fact = dict(zip(("name", "currency", "timezone"), learned, strict=True))
        journal(session, shop.id, FactKind.SHOP, fact, at=at)
    if shop.currency and not latest_number(session, shop.id):
        publish(session, shop, points_and_tiers(shop.currency), author="Stamkunde", at=at)


def dismiss(session: Session, shop: Shop, *, at: datetime) -> None:
    """The merchant has uninstalled us: the tokens are worthless, and nothing more is sent.

    Members and ledger stay until the platform asks to erase the shop, so that coming back within
    that time loses nothing.
    """
    if shop.state in (ShopState.ACTIVE, ShopState.UNAUTHORIZED):
        shop.state = ShopState.LEFT
        shop.left_at = at
        revoke_all(session, shop.id, at=at)
    credential = session.get(Credential, shop.id)
    if credential is not None:
        session.delete(credential)
