"""What a shop's page may ask: a small JSON document, from that shop's own pages.

A page of another site cannot send it: the content type and the request key both make a browser ask
us first, and we never answer that with a yes. Who the shopper is comes from the platform's
signature alone, which it makes from its own cookie.
"""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import g, request
from marshmallow import EXCLUDE, Schema, fields, validate

from app.domain.errors import UnknownRedemption
from app.web import parts
from app.web.bodies import expect_json, json_object
from app.web.errors import NotAllowed, NotLoggedIn

MOST_KEY = 255

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
    asked: dict[str, Any] = RedeemRequest().load(json_object())
    return asked


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
    expect_json()
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
