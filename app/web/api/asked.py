"""What tools send: who it is about, what they did, and why points are given by hand."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from app.domain.errors import UnknownMember
from app.domain.sentence import Sentence as _
from app.models.member import ids_by_email, members_by_id
from app.models.shop import Shop
from app.web import parts
from app.web.bodies import json_object
from app.web.storefront.form import STORABLE

MOST_KEY = 128
"""With what else stands in the ledger's own key there is no room for more."""


class _Asked(Schema):
    class Meta:
        """A newer tool may say more than we know of."""

        unknown = EXCLUDE


class Lookup(_Asked):
    """Who is looked for by an address."""

    email = fields.String(required=True, validate=[validate.Length(1, 254), STORABLE])


class _Whose(_Asked):
    """Who something is about: a customer's id on the platform, or the e-mail address."""

    customer_id = fields.String(validate=[validate.Length(1, 64), STORABLE])
    email = fields.String(validate=[validate.Length(1, 254), STORABLE])

    @validates_schema
    def _there_is_one_name(self, sent: dict[str, Any], **_: Any) -> None:
        if ("customer_id" in sent) == ("email" in sent):
            raise ValidationError("Send either customer_id or email.", "customer_id")


class Deed(_Whose):
    """Something that a customer did, by the code of the program's action."""

    action = fields.String(required=True, validate=[validate.Length(1, 40), STORABLE])


class Adjustment(_Whose):
    """Points to give, or to take with a negative number, and why: the member reads it."""

    points = fields.Integer(
        required=True,
        strict=True,
        validate=[validate.Range(-1_000_000, 1_000_000), validate.NoneOf([0])],
    )
    note = fields.String(required=True, validate=[validate.Length(1, 200), STORABLE])


def sent(form: type[Schema]) -> dict[str, Any]:
    """The body, as a form describes it. Raises marshmallow's ValidationError and BadRequest."""
    loaded: dict[str, Any] = form().load(json_object())
    return loaded


def customer_of(session: Session, shop: Shop, whose: dict[str, Any]) -> str:
    """The customer that is meant. Raises UnknownMember for an address of nobody who has joined."""
    if "customer_id" in whose:
        return str(whose["customer_id"])
    hashed = parts.vault().fingerprint(shop.domain, whose["email"])
    member_id = ids_by_email(session, shop.id, [hashed]).get(hashed)
    found = members_by_id(session, shop.id, [member_id] if member_id else [])
    customer_id = found[member_id].customer_id if member_id in found else None
    if customer_id is None:
        raise UnknownMember(_("There is no such member."))
    return customer_id
