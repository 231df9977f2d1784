"""How a merchant lets us in, and how we stay in: tokens that live an hour and are renewed.

A refresh hands out two new tokens at once and retires the old ones when the new are first used, so
the caller keeps both before it uses either. Asking again with the same refresh token is safe until
then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests

from app.platforms.base import PlatformError, Tokens, Unauthorized
from app.platforms.shopify.client import Answer, post
from app.platforms.shopify.failures import Doubtful
from app.platforms.shopify.registration import Registration

_EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_FROM_SESSION = "urn:ietf:params:oauth:token-type:id_token"
_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


def install_url(
    registration: Registration, shop_domain: str, redirect_url: str, state: str, also: Sequence[str]
) -> str:
    """Where the merchant agrees to our scopes and is sent back with a code."""
    asked = {
        "client_id": registration.client_id,
        "scope": ",".join((*registration.scopes, *also)),
        "redirect_uri": redirect_url,
        "state": state,
    }
    return f"{registration.origin_of(shop_domain)}/admin/oauth/authorize?{urlencode(asked)}"


def exchange(registration: Registration, shop_domain: str, code: str, now: datetime) -> Tokens:
    """Tokens for the code that the merchant brought back."""
    answer = _ask(registration, shop_domain, {"code": code, "expiring": 1})
    return _tokens(answer.facts(), now)


def exchange_session(
    registration: Registration, shop_domain: str, token: str, now: datetime
) -> Tokens:
    """Tokens for a session token: the merchant has agreed already, when they installed us."""
    grant = {
        "grant_type": _EXCHANGE_GRANT,
        "subject_token": token,
        "subject_token_type": _FROM_SESSION,
        "requested_token_type": _OFFLINE,
        "expiring": "1",
    }
    return _tokens(_ask(registration, shop_domain, grant).facts(), now)


def refresh(
    registration: Registration, shop_domain: str, refresh_token: str, now: datetime
) -> Tokens:
    """New tokens for old. Raises Unauthorized when the merchant has to let us in again."""
    answer = _ask(
        registration,
        shop_domain,
        {"grant_type": "refresh_token", "refresh_token": refresh_token},
    )
    if answer.status == 400 and (answer.body or {}).get("error") == "invalid_grant":
        raise Unauthorized("Shopify does not accept our refresh token for the shop any more.")
    return _tokens(answer.facts(), now)


def _ask(registration: Registration, shop_domain: str, grant: Mapping[str, Any]) -> Answer:
    ours = {
        "client_id": registration.client_id,
        "client_secret": registration.client_secret,
    }
    url = f"{registration.origin_of(shop_domain)}/admin/oauth/access_token"
    with requests.Session() as session:
        return post(session, url, ours | dict(grant))


def _tokens(facts: Mapping[str, Any], now: datetime) -> Tokens:
    access, scope = facts.get("access_token"), facts.get("scope")
    renewal = facts.get("refresh_token")
    if not isinstance(access, str) or not access or not isinstance(scope, str):
        raise Doubtful("Shopify's answer has no token.")
    if renewal is not None and not isinstance(renewal, str):
        raise Doubtful("Shopify's answer has no token that we can renew.")
    return Tokens(
        access=access,
        scopes=tuple(name for name in (part.strip() for part in scope.split(",")) if name),
        expires_at=_moment_in(facts.get("expires_in"), now),
        refresh=renewal,
        refresh_expires_at=_moment_in(facts.get("refresh_token_expires_in"), now),
    )


def _moment_in(seconds: object, now: datetime) -> datetime | None:
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < 10**9:
        raise PlatformError("Shopify's token has an end that is no time.", permanent=True)
    return now + timedelta(seconds=seconds)
