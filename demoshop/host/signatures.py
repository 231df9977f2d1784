"""The three signatures a platform makes with the app's secret.

They differ in what is signed and how it is written, which is where apps go wrong, so each is
spelled out here and pinned in the tests by vectors that were published elsewhere.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode


def query_hmac(secret: str, parameters: Mapping[str, str]) -> str:
    """The `hmac` of install and callback queries: sorted, form-encoded, in hex."""
    return _hex(secret, urlencode(sorted(parameters.items())))


def signed_query(secret: str, parameters: Mapping[str, str]) -> str:
    """A query string that ends with its own `hmac`."""
    signed = dict(parameters) | {"hmac": query_hmac(secret, parameters)}
    return urlencode(signed)


def proxy_signature(secret: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The `signature` of proxied requests: decoded, lists joined by commas, no separators."""
    lists: dict[str, list[str]] = {}
    for name, value in parameters:
        lists.setdefault(name, []).append(value)
    return _hex(secret, "".join(f"{name}={','.join(lists[name])}" for name in sorted(lists)))


def body_hmac(secret: str, body: bytes) -> str:
    """The header of webhooks: the raw bytes, in base64."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def host_parameter(domain: str) -> str:
    """Where the shop's admin is, in unpadded base64, as the platform passes it around."""
    return base64.b64encode(f"{domain}/admin".encode()).decode().rstrip("=")


def _hex(secret: str, message: str) -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
