"""What a shop's page may ask: a small JSON document, from that shop's own pages.

A page of another site cannot send it: the content type and the request key both make a browser ask
us first, and we never answer that with a yes. Who the shopper is comes from the platform's
signature alone, which it makes from its own cookie.
"""

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from flask import g, request
from marshmallow import EXCLUDE, Schema, fields, validate
from werkzeug.exceptions import UnsupportedMediaType

from app.domain.errors import UnknownRedemption
from app.web import parts
from app.web.errors import BadRequest, NotAllowed, NotLoggedIn

MOST_BYTES = 4096
MOST_KEY = 255

_KEY = re.compile(r"[!-~]{1,255}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class RedeemRequest(Schema):
    """The reward that is wanted, and how many points of it when it is a slider."""

    class Meta:
        """A newer widget may say more than we know of."""

        unknown = EXCLUDE

    reward = fields.String(required=True, validate=validate.Length(min=1, max=40))
    points = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=1, max=10**9)
    )


def redeem_request() -> dict[str, Any]:
    """The body of a request to redeem. Raises marshmallow's ValidationError."""
    asked: dict[str, Any] = RedeemRequest().load(_document())
    return asked


def request_key() -> str:
    """The key by which the shopper's browser repeats a request without doing it twice."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise BadRequest("The header Idempotency-Key must have 1 to 255 plain characters.")
    return key


def redemption_id(text: str) -> UUID:
    """The id in an address. Raises UnknownRedemption for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownRedemption("There is no such redemption.") from error


def customer_id() -> str:
    """Who is logged in to the shop. Raises NotLoggedIn for a guest."""
    if g.customer_id is None:
        raise NotLoggedIn("Log in to use your points.")
    return str(g.customer_id)


def refuse_strange_pages() -> None:
    """Let only the shop's own pages change anything, as far as the platform tells us which it was.

    Browsers say by Sec-Fetch-Site whether a page asks its own site. Where only an Origin comes
    through, we know the right one in the demo alone: a real shop's pages may lie under domains of
    its own, which no signed parameter names.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    request.max_content_length = MOST_BYTES
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in (None, "same-origin"):
        raise NotAllowed("Only the shop's own pages may do this.")
    if site is None and origin is not None and not _is_of_shop(origin):
        raise NotAllowed("Only the shop's own pages may do this.")


def _is_of_shop(origin: str) -> bool:
    expected = parts.settings().shopify_origin
    try:
        asking, port = urlsplit(origin), urlsplit(origin).port
    except ValueError:
        return False
    if asking.scheme not in ("http", "https") or asking.hostname is None:
        return False
    if "{shop}" in expected or asking.hostname == g.shop_domain:
        return True
    host = urlsplit(expected)
    same_machine = asking.hostname in _LOOPBACK and host.hostname in _LOOPBACK
    return (same_machine or asking.hostname == host.hostname) and port == host.port


def _document() -> dict[str, Any]:
    try:
        document = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest("The body is not JSON.") from error
    if not isinstance(document, dict):
        raise BadRequest("The body is not a JSON object.")
    return document
