"""What the admin's addresses and small forms may carry: every text and number has its limits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from app.domain.segments import Stage
from app.models.queue import State
from app.web.errors import BadRequest

ID_LENGTH = 100

_POINTS = _("Write a whole number from −1000000 to 1000000, and not 0.")
_DAY = _("Choose a day, or none.")
_CUSTOMER = _("Write the customer id of the other account.")
_SURE = _("Tick this first: it cannot be undone.")
_UNSURE: dict[str, Any] = {"required": _SURE, "invalid": _SURE}
_NOTE = _("Write a reason of at most 200 characters; the member's history shows it.")


class Asked(Schema):
    """A form or a query; what is not named here, a form's token for one, is passed over."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def tidy(self, sent: Mapping[str, str], **_: Any) -> dict[str, str]:
        """Text without blanks around it, and without the one character databases refuse."""
        return {name: tidied(value) for name, value in sent.items()}


def tidied(value: str) -> str:
    """A text as somebody meant it."""
    return value.replace("\0", "").strip()


def asked(form: type[Schema], sent: Mapping[str, str]) -> dict[str, Any]:
    """What was sent, read by a form. Raises BadRequest when it is none of ours."""
    try:
        loaded: dict[str, Any] = form().load(sent)
    except ValidationError as error:
        raise BadRequest(gettext("We did not understand the request.")) from error
    return loaded


def mistakes(error: ValidationError) -> dict[str, Any]:
    """What is wrong with a form, by the names of its fields."""
    found = error.messages
    return found if isinstance(found, dict) else {"_schema": found}


def sentences(error: ValidationError) -> dict[str, str]:
    """What is wrong with a small form: one sentence for each field."""
    return {
        name: str(found[0] if isinstance(found, list) else found)
        for name, found in mistakes(error).items()
    }


class MembersAsked(Asked):
    """Where a page of members begins, and who of them is wanted."""

    before = fields.UUID(load_default=None)
    tier = fields.String(load_default="", validate=validate.Length(max=40))
    stage = fields.String(load_default="", validate=validate.OneOf(["", *Stage]))
    segment = fields.String(load_default="", validate=validate.Length(max=40))


class SearchForm(Asked):
    """Whom to look for."""

    q = fields.String(load_default="", validate=validate.Length(max=254))


class ProfileAsked(Asked):
    """How much of a ledger to show."""

    ledger = fields.String(load_default="newest", validate=validate.OneOf(["newest", "all"]))


class AdjustForm(Asked):
    """Points to give or to take, and why; the key makes a doubled submit count once."""

    points = fields.Integer(
        required=True,
        validate=[
            validate.Range(-1_000_000, 1_000_000, error=_POINTS),
            validate.NoneOf([0], error=_POINTS),
        ],
        error_messages={"invalid": _POINTS, "required": _POINTS},
    )
    note = fields.String(
        required=True,
        validate=validate.Length(1, 200, error=_NOTE),
        error_messages={"required": _NOTE},
    )
    key = fields.UUID(required=True)


class FloorForm(Asked):
    """A tier to hold a member at, why, and until which day; no tier lifts what was held."""

    tier = fields.String(load_default="", validate=validate.Length(max=40))
    reason = fields.String(
        load_default="", validate=validate.Length(max=200, error=_NOTE), allow_none=True
    )
    until = fields.Date(load_default=None, error_messages={"invalid": _DAY})

    @pre_load
    def leave_out(self, sent: Mapping[str, str], **_: Any) -> dict[str, str]:
        """No day is none, and not a day without digits."""
        return {name: value for name, value in sent.items() if name != "until" or value.strip()}


class MergeForm(Asked):
    """The customer who is gone then, and that the merchant knows what that means."""

    gone = fields.String(
        required=True,
        validate=validate.Length(1, 64, error=_CUSTOMER),
        error_messages={"required": _CUSTOMER},
    )
    sure_merge = fields.Boolean(
        required=True, validate=validate.Equal(True, error=_SURE), error_messages=_UNSURE
    )


class EraseForm(Asked):
    """That the merchant knows what forgetting means."""

    sure_erase = fields.Boolean(
        required=True, validate=validate.Equal(True, error=_SURE), error_messages=_UNSURE
    )


_FIRST_DAY = date(2000, 1, 1)
"""No webshop of today has orders from before."""


class LiveForm(Asked):
    """Whether past orders earn, and from which day on."""

    past = fields.String(load_default="none", validate=validate.OneOf(["none", "since", "all"]))
    since = fields.Date(load_default=None, validate=validate.Range(_FIRST_DAY))

    @pre_load
    def leave_out(self, sent: Mapping[str, str], **_: Any) -> dict[str, str]:
        """An empty field of a day is no day."""
        return {name: value for name, value in sent.items() if value or name != "since"}


class HistoryForm(Asked):
    """From which day on to bring orders in."""

    since = fields.Date(required=True, validate=validate.Range(_FIRST_DAY))


class DeliveriesAsked(Asked):
    """Which queue, and which of its rows."""

    kind = fields.String(load_default="webhooks", validate=validate.OneOf(["webhooks", "tasks"]))
    state = fields.Enum(State, by_value=True, load_default=None)


class RewardsAsked(Asked):
    """Which codes."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(
            ["", "making", "ready", "used", "expired", "canceled", "failed"],
        ),
    )


class GuideForm(Asked):
    """What to do with the guide of the first days."""

    wish = fields.String(required=True, validate=validate.OneOf(["hide", "show", "keep"]))


class AuditAsked(Asked):
    """Which entries: of what, by whom, and older than which."""

    topic = fields.String(
        load_default="", validate=validate.OneOf(["", "program", "members", "files", "shop"])
    )
    by = fields.String(load_default="", validate=validate.Length(max=100))
    before = fields.UUID(load_default=None)


class ReplayForm(Asked):
    """Which delivery to read again."""

    delivery_id = fields.String(required=True, validate=validate.Length(1, ID_LENGTH))


class TextAsked(Asked):
    """Which revision to begin with, or which draft to go on with."""

    revision = fields.Integer(load_default=None, validate=validate.Range(1, 2**31))
    draft = fields.UUID(load_default=None)


class CancelPlannedForm(Asked):
    """Which revision was the newest one, when the merchant saw what is planned."""

    based_on = fields.Integer(required=True, validate=validate.Range(1, 2**31))


class TextForm(Asked):
    """A program as text."""

    document = fields.String(required=True, validate=validate.Length(1, 200_000))
    based_on = fields.Integer(required=True, validate=validate.Range(0, 2**31))
    do = fields.String(load_default="publish", validate=validate.OneOf(["publish", "weigh"]))
