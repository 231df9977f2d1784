"""The tokens by which a page inside the admin proves who is there: one minute, one shop, one app.

Written out by hand after the published form (a JWT signed with HS256), so that the app's own
library is held against something other than itself.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import new as new_hmac
from typing import Any

from demoshop.config import Settings

LIVES_SECONDS = 60
USER_ID = "91"
"""The one person who works in the demo shop."""


def claims_of(settings: Settings, at: datetime) -> dict[str, Any]:
    """What a token of this moment says."""
    made = int(at.timestamp())
    return {
        "iss": f"https://{settings.domain}/admin",
        "dest": f"https://{settings.domain}",
        "aud": settings.client_id,
        "sub": USER_ID,
        "exp": made + LIVES_SECONDS,
        "nbf": made,
        "iat": made,
        "jti": secrets.token_hex(16),
        "sid": secrets.token_hex(16),
    }


def session_token(settings: Settings, at: datetime) -> str:
    """A token for the app, signed with its secret."""
    return signed(settings.client_secret, claims_of(settings, at))


def is_ours(settings: Settings, token: str, at: datetime) -> bool:
    """Whether a token was signed for the app, and is of this minute."""
    head, _, rest = token.partition(".")
    try:
        claims = json.loads(urlsafe_b64decode(rest.partition(".")[0] + "=="))
    except ValueError:
        return False
    moment = int(at.timestamp())
    return (
        bool(head)
        and isinstance(claims, dict)
        and compare_digest(token, signed(settings.client_secret, claims))
        and claims["aud"] == settings.client_id
        and claims["nbf"] <= moment < claims["exp"]
    )


def signed(secret: str, claims: dict[str, Any]) -> str:
    """Claims as a signed token."""
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    message = f"{head}.{_encoded(json.dumps(claims).encode())}"
    digest = new_hmac(secret.encode(), message.encode(), sha256).digest()
    return f"{message}.{_encoded(digest)}"


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
