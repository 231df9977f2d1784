"""What a form of the loyalty page carries: proof that it is ours, and a key that works once.

Another site can send a shopper's browser to our address with any form it likes, and the shop's
proxy will vouch for the shopper. What it cannot have is a token that we made for this very shopper.
"""

from calendar import monthrange
from typing import Any
from uuid import uuid4

from flask import g, request
from itsdangerous import BadData, URLSafeTimedSerializer
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from app.web import parts
from app.web.errors import NotAllowed, NotSigned

GOOD_FOR_SECONDS = 3600
MOST_BYTES = 4096
LEAP_YEAR = 2000
"""In it every day is one that somebody was born on."""
STORABLE = validate.ContainsNoneOf("\0")
"""PostgreSQL cannot even be asked about a text with a null character in it."""


class RedeemForm(Schema):
    """The reward that is wanted, and how many points of it when it is a slider."""

    class Meta:
        """The token beside it is read by itself."""

        unknown = EXCLUDE

    reward = fields.String(required=True, validate=[validate.Length(min=1, max=40), STORABLE])
    points = fields.Integer(load_default=None, validate=validate.Range(min=1, max=10**9))


class CancelForm(Schema):
    """The redemption to give back."""

    class Meta:
        """The token beside it is read by itself."""

        unknown = EXCLUDE

    redemption = fields.UUID(required=True)


class BirthdayForm(Schema):
    """A month and a day that there are; the 29th of February is one of them."""

    class Meta:
        """The token beside it is read by itself."""

        unknown = EXCLUDE

    month = fields.Integer(required=True, validate=validate.Range(1, 12))
    day = fields.Integer(required=True, validate=validate.Range(1, 31))

    @validates_schema
    def _there_is_such_a_day(self, wanted: dict[str, int], **_: Any) -> None:
        if wanted["day"] > monthrange(LEAP_YEAR, wanted["month"])[1]:
            raise ValidationError("There is no such day.", "day")


def new_token() -> str:
    """A token for the shopper who is looking; a page needs one for all of its forms."""
    return str(_seal().dumps([g.shop_domain, g.customer_id, uuid4().hex]))


def refuse_strange_forms() -> None:
    """Let only a form of a page that we made for this shopper change anything."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    request.max_content_length = MOST_BYTES
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotAllowed("Only the shop's own pages may do this.")
    g.form_key = _key(request.form.get("token", ""))


def request_key(*wish: Any) -> str:
    """The key of one wish: sending the same form again is the same wish."""
    return "-".join([g.form_key, *map(str, wish)])


def _key(token: str) -> str:
    """What is in a token. Raises NotSigned for one that is not this shopper's, or too old."""
    try:
        domain, customer_id, key = _seal().loads(token, max_age=GOOD_FOR_SECONDS)
    except (BadData, ValueError, TypeError) as error:
        raise NotSigned("This page is too old. Reload it and try again.") from error
    if (domain, customer_id) != (g.shop_domain, g.customer_id):
        raise NotSigned("This page was made for somebody else. Reload it and try again.")
    return str(key)


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(parts.settings().session_key, salt="loyalty page")
