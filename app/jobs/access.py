"""A connection to a shop with tokens that are good, refreshed by exactly one process.

A refresh rotates both tokens, so two processes must not do it at once: whoever marks the shop's
credential first does, outside any transaction; the others come back when it is done. A mark that
its process did not live to clear ends by itself.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.tools import Tools
from app.loyalty.admit import SealedTokens, keep_tokens
from app.models.base import ShopId
from app.models.shop import Credential, Shop, ShopState
from app.platforms.base import Connection, PlatformError, Tokens, Unauthorized
from app.vault import Vault


class BeingRefreshed(PlatformError):
    """Another process is fetching new tokens for the shop: come back in a moment."""

    def __init__(self) -> None:
        super().__init__(
            "Another process is refreshing the token.", permanent=False, retry_after_seconds=2
        )


EARLY = timedelta(minutes=5)
"""How long before its end a token is replaced."""
REFRESH_LEASE = timedelta(seconds=30)


def seal_tokens(vault: Vault, tokens: Tokens) -> SealedTokens:
    """Tokens as they are stored."""
    return SealedTokens(
        access=vault.seal(tokens.access.encode()),
        refresh=vault.seal(tokens.refresh.encode()) if tokens.refresh else None,
        expires_at=tokens.expires_at,
        scopes=tokens.scopes,
    )


def connection_to(tools: Tools, shop_id: ShopId, *, now: datetime) -> Connection:
    """A connection to a shop. Raises Unauthorized when only the merchant can help."""
    with tools.database.reading() as session:
        shop = session.get_one(Shop, shop_id)
        credential = session.get(Credential, shop_id)
    if credential is None:
        raise Unauthorized(f"{shop.domain} has not let us in.")
    if credential.expires_at is not None and credential.expires_at - EARLY <= now:
        return refreshed(tools, shop_id, now=now)
    tokens = Tokens(
        access=tools.vault.open(credential.access_sealed).decode(),
        scopes=tuple(credential.scopes.split(",")),
        expires_at=credential.expires_at,
    )
    return tools.platform.connect(shop.domain, tokens, tools.fingerprint(shop))


def refreshed(tools: Tools, shop_id: ShopId, *, now: datetime) -> Connection:
    """A connection with new tokens, which are kept before they are used."""
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        credential = _locked(session, shop_id)
        if credential is None or credential.refresh_sealed is None:
            raise Unauthorized(f"The token of {shop.domain} cannot be refreshed.")
        if credential.refreshing_until is not None and credential.refreshing_until > now:
            raise BeingRefreshed
        mark = credential.refreshing_until = now + REFRESH_LEASE
        refresh_token = tools.vault.open(credential.refresh_sealed).decode()
    tokens = tools.platform.refresh(shop.domain, refresh_token, now=now)
    with tools.database.transaction() as session:
        credential = _locked(session, shop_id)
        is_ours = credential is not None and credential.refreshing_until == mark
        if is_ours:
            keep_tokens(session, session.get_one(Shop, shop_id), seal_tokens(tools.vault, tokens))
    if not is_ours:
        # The merchant has left or let us in anew meanwhile, which is newer than our question.
        return connection_to(tools, shop_id, now=now)
    return tools.platform.connect(shop.domain, tokens, tools.fingerprint(shop))


def _locked(session: Session, shop_id: ShopId) -> Credential | None:
    query = select(Credential).where(Credential.shop_id == shop_id).with_for_update()
    return session.scalars(query).one_or_none()


def lock_out(tools: Tools, shop_id: ShopId) -> None:
    """Note that a shop's tokens are refused: its effects wait until the merchant comes back."""
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        if shop.state == ShopState.ACTIVE:
            shop.state = ShopState.UNAUTHORIZED
