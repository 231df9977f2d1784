"""What Shopify signs, and how to tell that it did.

Three formats, one secret: webhooks sign their raw body, links from the admin sign their query
string, and the storefront's proxy signs its parameters run together without a separator. All are
compared in constant time. An answer of None means "not theirs": a forged request is expected, not
exceptional.
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from app.platforms.base import Shopper
from app.platforms.shopify.registration import shop_domain

FRESH_SECONDS = 90
MOST_PARAMETERS = 50

_PROXY_NAMES = ("shop", "logged_in_customer_id", "path_prefix", "timestamp")
_HEX = re.compile(r"[0-9a-f]{64}")
_DIGITS = re.compile(r"[0-9]{1,20}")


def is_from_shopify(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Whether a webhook's body carries the signature of one of our secrets."""
    return _matches(
        signature, (b64encode(_hmac(secret, body).digest()).decode() for secret in secrets)
    )


def shop_in_link(query_string: bytes, secrets: Sequence[str], *, now: datetime) -> str | None:
    """The shop in a link that the admin signed not long ago, or None.

    Whether Shopify signs odd characters as they stand in the link or in the form encoding is not
    documented, so either will do. A parameter given twice is refused: the signed text would not
    say which of the two was meant.
    """
    pairs = _pairs(query_string)
    given = dict(pairs or ())
    if pairs is None or len(given) != len(pairs) or not _HEX.fullmatch(given.get("hmac", "")):
        return None
    unsigned = ("hmac", "signature")
    raw = sorted(part.partition("=")[::2] for part in query_string.decode("ascii").split("&"))
    as_sent = "&".join(f"{name}={value}" for name, value in raw if name not in unsigned)
    encoded = urlencode(sorted(pair for pair in pairs if pair[0] not in unsigned))
    texts = {as_sent, encoded}
    expected = (_hmac(secret, text.encode()).hexdigest() for secret in secrets for text in texts)
    if not _matches(given["hmac"], expected) or not _is_fresh(given.get("timestamp", ""), now):
        return None
    return shop_domain(given.get("shop", ""))


def shopper_in_proxy(
    query_string: bytes, secrets: Sequence[str], *, now: datetime
) -> Shopper | None:
    """Who the storefront's proxy says is asking, or None when it did not sign this lately.

    The signed text runs the parameters together with nothing between them, so a guest could choose
    a parameter of their own such that the text also reads as another customer's. Each name that
    the platform adds must therefore occur exactly once, both as a parameter and in the text.
    """
    pairs = _pairs(query_string)
    if pairs is None:
        return None
    times = Counter(name for name, _ in pairs)
    given = dict(pairs)
    if any(times[name] != 1 for name in (*_PROXY_NAMES, "signature")):
        return None
    text = _proxy_text(pairs)
    if any(text.count(f"{name}=") != 1 for name in _PROXY_NAMES):
        return None
    expected = (_hmac(secret, text.encode()).hexdigest() for secret in secrets)
    if not _HEX.fullmatch(given["signature"]) or not _matches(given["signature"], expected):
        return None
    domain, customer_id = shop_domain(given["shop"]), given["logged_in_customer_id"]
    if domain is None or not _is_fresh(given["timestamp"], now):
        return None
    if customer_id and not _DIGITS.fullmatch(customer_id):
        return None
    return Shopper(domain, customer_id or None)


def _proxy_text(pairs: Sequence[tuple[str, str]]) -> str:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name != "signature":
            values.setdefault(name, []).append(value)
    return "".join(f"{name}={','.join(values[name])}" for name in sorted(values))


def _pairs(query_string: bytes) -> list[tuple[str, str]] | None:
    try:
        return parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        return None


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not _DIGITS.fullmatch(timestamp):
        return False
    return abs(now.timestamp() - int(timestamp)) <= FRESH_SECONDS


def _matches(given: str, expected: Iterable[str]) -> bool:
    """Whether any is equal, looking at all of them so that the time taken says nothing."""
    equal = [hmac.compare_digest(given.encode(), text.encode()) for text in expected]
    return any(equal)


def _hmac(secret: str, message: bytes) -> hmac.HMAC:
    return hmac.new(secret.encode(), message, hashlib.sha256)
