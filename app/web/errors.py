"""The one table from what can be wrong to what the web answers.

Programs get `{"code", "message"}`, people get a page. What we did not expect is logged in full and
answered in general: the reader learns that it failed, and nothing of how we are built.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import InternalError as RefusedByDatabase
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from app.domain import errors
from app.domain.errors import Refusal
from app.platforms.base import PlatformError, UnreadableOrders
from app.web.api.problems import is_asked_by_tool, problem
from app.web.sentences import said
from app.web.storefront.refusals import shopper_sentence


class NotSigned(Refusal):
    """A request that the platform did not sign, or not for this, or not lately."""

    code = "not_signed"


class NotSignedIn(Refusal):
    """A page of the admin for somebody who has not come from their shop."""

    code = "not_signed_in"


class NotLoggedIn(Refusal):
    """Something that only a shopper who has logged in to the shop can do."""

    code = "log_in_first"


class KeyRefused(Refusal):
    """A tool without a key, or with one that does not work."""

    code = "key_refused"


class ScopeMissing(Refusal):
    """A tool whose key was made for other things."""

    code = "scope_missing"


class NotAllowed(Refusal):
    """A request from a page that has no business sending it."""

    code = "not_allowed"


class TooOften(Refusal):
    """A request more than somebody may send in a minute."""

    code = "too_many_requests"


class BadRequest(Refusal):
    """A request that does not say what it should."""

    code = "bad_request"


STATUS: dict[type[Refusal], int] = {
    BadRequest: 400,
    errors.NotUnderstood: 400,
    UnreadableOrders: 400,
    NotSigned: 401,
    KeyRefused: 401,
    NotSignedIn: 401,
    NotAllowed: 403,
    ScopeMissing: 403,
    NotLoggedIn: 403,
    TooOften: 429,
    errors.UnknownShop: 404,
    errors.UnknownMember: 404,
    errors.UnknownReward: 404,
    errors.UnknownRedemption: 404,
    errors.UnknownDelivery: 404,
    errors.UnknownAction: 404,
    errors.UnknownRequest: 404,
    errors.UnknownRevision: 404,
    errors.UnknownTier: 404,
    errors.UnknownImport: 404,
    errors.NotEnoughPoints: 409,
    errors.RewardClosed: 409,
    errors.ActionClosed: 409,
    errors.NotCancelable: 409,
    errors.NotFulfillable: 409,
    errors.NotOwed: 409,
    errors.NoProgramYet: 409,
    errors.ProgramNotLive: 409,
    errors.ImportClosed: 409,
    errors.ProgramPaused: 409,
    errors.StaleProgram: 409,
    errors.InvalidMoney: 422,
    errors.InvalidProgram: 422,
    errors.KeyReused: 422,
    errors.UnreadableImport: 422,
}

_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    429: "too_many_requests",
}

RETRY_SECONDS = 5
RETRY_MINUTE_SECONDS = 60
"""What is limited is so by the minute."""

log = structlog.get_logger(__name__)


def answer_errors(app: Flask) -> None:
    """Turn whatever is raised below into an answer."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(PlatformError, _platform_failed)
    app.register_error_handler(ValidationError, _not_as_described)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _unexpected)
    # A server that has become a standby reads and does not write: that too is over in a while.
    for busy in (OperationalError, InterfaceError, RefusedByDatabase, PoolTimeout):
        app.register_error_handler(busy, _unavailable)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    shopper = g.get("auth") == "app_proxy"
    message = shopper_sentence(refusal) if shopper else _sentence(refusal)
    return answer(STATUS.get(type(refusal), 400), refusal.code, message)


def _sentence(refusal: Refusal) -> str:
    if isinstance(refusal, errors.InvalidProgram):
        return " ".join(map(said, refusal.mistakes))
    return said(refusal.message)


def _not_as_described(error: ValidationError) -> ResponseReturnValue:
    message = gettext("We did not understand the request.")
    log.info("not_as_described", fields=sorted(error.messages_dict))
    return answer(422, "invalid_request", message, error.messages_dict)


def _platform_failed(error: PlatformError) -> ResponseReturnValue:
    log.warning("platform_failed", error=str(error), permanent=error.permanent)
    return answer(502, "platform_failed", gettext("Your shop did not answer. Please try again."))


def _http(error: HTTPException) -> ResponseReturnValue:
    # A redirect of the router's own is an exception, too.
    if error.code is None or error.code < 400:
        return error
    code = _CODES.get(error.code, "refused")
    response = answer(error.code, code, _http_sentence(error))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    if error.code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers.setdefault("Retry-After", str(RETRY_MINUTE_SECONDS))
    return response


def _http_sentence(error: HTTPException) -> str:
    if isinstance(error, CSRFError):
        return gettext("This page is too old. Reload it and try again.")
    match error.code:
        case 404:
            return gettext("There is nothing at this address.")
        case 405:
            return gettext("This address cannot be used that way.")
        case 413:
            return gettext("That is more than we take in one request.")
        case 429:
            return gettext("That was a little too often. Please wait a minute.")
        case 415:
            return gettext("This address takes JSON.")
        case _:
            return gettext("We did not understand the request.")


def _unavailable(error: Exception) -> ResponseReturnValue:
    log.error("database_unavailable", error=type(error).__name__)
    message = gettext("We are busy for a moment. Please try again.")
    response = answer(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", message)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _unexpected(error: InternalServerError) -> ResponseReturnValue:
    original = error.original_exception
    log.error("unexpected", error=type(original).__name__, exc_info=original)
    message = gettext("Something went wrong on our side. Your points are safe.")
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", message)


def answer(
    status: int, code: str, message: str, mistakes: Mapping[str, Any] | None = None
) -> Response:
    """An error in the form that its reader can use; `mistakes` are those of each field."""
    if is_asked_by_tool():
        response = problem(status, code, message, mistakes)
    elif _reads_pages():
        # Whoever is signed in keeps the menu, and what is asked of the database has no part in it.
        signed_in = g.get("auth") == "session" and "shop_id" in g
        template = "admin/error.html" if signed_in else "error.html"
        page = render_template(template, status=status, code=code, message=message)
        response = make_response(page, status)
    elif request.blueprint == "widget":
        # A shop's page asked for a script: a browser quietly refuses to run plain text as one.
        response = make_response(message, status)
        response.mimetype = "text/plain"
    else:
        response = make_response(jsonify(code=code, message=message), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _reads_pages() -> bool:
    auth = g.get("auth")
    if auth in ("session", "oauth_callback"):
        return True
    if auth in ("webhook", "app_proxy") or request.blueprint == "widget":
        return False
    accepted = request.accept_mimetypes
    return accepted.quality("text/html") > accepted.quality("application/json")
