"""Session tokens: how a page inside Shopify's admin proves which shop and which user is there.

The admin makes one a minute, signed with our secret. Everything a token says is checked, its two
names of the shop against each other too, since a token of one shop must never open another. As
with the other signatures, None means "not theirs".
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt

from app.platforms.base import Merchant
from app.platforms.shopify.registration import Registration, shop_domain

ALGORITHM = "HS256"
LEEWAY_SECONDS = 10
"""How far clocks may differ; Shopify's own libraries allow as much."""
MOST_LETTERS = 4096

_TIMES = ("exp", "nbf", "iat")
_TEXTS = ("iss", "dest", "aud", "sub", "jti", "sid")


def merchant_in_token(registration: Registration, token: str, now: datetime) -> Merchant | None:
    """Who is there, by a token that is Shopify's, for us, and of this minute; else None."""
    claims = _claims(registration, token)
    if claims is None or not _is_timely(claims, now.timestamp()):
        return None
    if any(not isinstance(claims.get(name), str) or not claims[name] for name in _TEXTS):
        return None
    origin: str = claims["dest"]
    domain = shop_domain(origin.removeprefix("https://"))
    if domain is None or origin != f"https://{domain}" or claims["iss"] != f"{origin}/admin":
        return None
    if claims["aud"] != registration.client_id:
        return None
    return Merchant(domain, user_id=claims["sub"][:64])


def _claims(registration: Registration, token: str) -> Mapping[str, Any] | None:
    """What a token says that one of our secrets has signed."""
    if len(token) > MOST_LETTERS:
        return None
    for secret in registration.secrets:
        try:
            # Times are compared with the caller's clock below, and the audience with all else.
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=[ALGORITHM],
                options={
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                    "verify_iss": False,
                    "verify_sub": False,
                    "verify_jti": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError):
            continue
        return claims
    return None


def _is_timely(claims: Mapping[str, Any], now: float) -> bool:
    times = [claims.get(name) for name in _TIMES]
    if any(isinstance(one, bool) or not isinstance(one, int) for one in times):
        return False
    expires, begins, made = (int(one or 0) for one in times)
    return (
        now < expires + LEEWAY_SECONDS
        and begins <= now + LEEWAY_SECONDS
        and made <= now + LEEWAY_SECONDS
    )
