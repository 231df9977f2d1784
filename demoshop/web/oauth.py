"""Installing an app: the merchant's consent, and the tokens that follow from it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from demoshop.admin_api.caller import scopes_in
from demoshop.config import Settings
from demoshop.host import tokens
from demoshop.host.installation import consent, installed_scope
from demoshop.host.session_tokens import is_ours
from demoshop.host.signatures import host_parameter, signed_query
from demoshop.web.here import machine, now

bp = Blueprint("oauth", __name__)

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"

MEANING = {
    "orders": "orders, their lines and their refunds",
    "all_orders": "orders older than 60 days",
    "customers": "customers",
    "customer_merge": "customers who were merged into one",
    "products": "products",
    "discounts": "discount codes",
    "script_tags": "scripts on the storefront",
    "app_proxy": "a part of the storefront's addresses",
    "themes": "the theme",
}


@bp.get("/admin/oauth/authorize")
def ask() -> ResponseReturnValue:
    """Show the merchant what the app wants; skip the question if it was answered before."""
    wanted = _wanted(request.args)
    with machine().transaction() as session:
        granted = installed_scope(session)
        if granted is not None and scopes_in(wanted["scope"]) <= scopes_in(granted):
            return redirect(_callback(session, wanted, now()))
    reads, writes = readable(wanted["scope"])
    return render_template("admin/consent.html", wanted=wanted, reads=reads, writes=writes)


@bp.post("/admin/oauth/authorize")
def decide() -> ResponseReturnValue:
    """The merchant has decided."""
    wanted = _wanted(request.form)
    if request.form.get("decision") == "cancel":
        return redirect("/admin/apps")
    with machine().transaction() as session:
        return redirect(_callback(session, wanted, now()))


@bp.post("/admin/oauth/access_token")
def access_token() -> ResponseReturnValue:
    """Exchange a code, or refresh: JSON or form, as the app likes."""
    given: dict[str, Any] = request.get_json(silent=True) or request.form.to_dict()
    settings = machine().settings
    if given.get("client_id") != settings.client_id:
        return _no("application_cannot_be_found", "There is no such app.")
    if given.get("client_secret") != settings.client_secret:
        return _no("invalid_client", "The client secret is wrong.", 401)
    at = now()
    expiring = str(given.get("expiring", "")).lower() in ("1", "true")
    with machine().transaction() as session:
        if given.get("grant_type") == GRANT:
            proof = str(given.get("subject_token", ""))
            is_right = given.get("requested_token_type") == OFFLINE
            is_right = is_right and is_ours(settings, proof, at)
            found = tokens.exchange_session(session, expiring=expiring, at=at) if is_right else None
            problem = ("invalid_subject_token", "The session token is not good, or too old.")
        elif given.get("grant_type") == "refresh_token":
            found = tokens.refresh(session, str(given.get("refresh_token", "")), at=at)
            problem = ("invalid_grant", "The refresh token is unknown, used or expired.")
        elif given.get("grant_type", "authorization_code") == "authorization_code":
            code = str(given.get("code", ""))
            found = tokens.exchange(session, code, expiring=expiring, at=at)
            problem = ("invalid_request", "The code is unknown, used or expired.")
        else:
            return _no("unsupported_grant_type", "Only codes and refresh tokens are exchanged.")
        return tokens.answer(found, at) if found else _no(*problem)


def _no(error: str, description: str, status: int = 400) -> ResponseReturnValue:
    return {"error": error, "error_description": description}, status


def _wanted(given: Any) -> dict[str, str]:
    """What the app asks for, refused unless it is our app and leads back to it."""
    settings = machine().settings
    wanted = {
        name: str(given.get(name, "")) for name in ("client_id", "scope", "redirect_uri", "state")
    }
    if wanted["client_id"] != settings.client_id:
        raise BadRequest("There is no such app.")
    if not _leads_to_app(settings, wanted["redirect_uri"]):
        raise BadRequest("The redirect_uri is not one of the app's addresses.")
    return wanted


def _leads_to_app(settings: Settings, address: str) -> bool:
    parts = urlsplit(address)
    return (
        f"{parts.scheme}://{parts.netloc}" == settings.app_origin
        and address.startswith(f"{settings.app_url}/")
        and not parts.fragment
    )


def _callback(session: Session, wanted: dict[str, str], at: datetime) -> str:
    settings = machine().settings
    parameters = {
        "code": consent(session, wanted["scope"], at=at),
        "host": host_parameter(settings.domain),
        "shop": settings.domain,
        "state": wanted["state"],
        "timestamp": str(int(at.timestamp())),
    }
    joint = "&" if urlsplit(wanted["redirect_uri"]).query else "?"
    return wanted["redirect_uri"] + joint + signed_query(settings.client_secret, parameters)


def readable(scope: str) -> tuple[list[str], list[str]]:
    """The scopes in words: what the app may see, and what it may change."""
    asked = sorted(scopes_in(scope))
    named = [(s.partition("_")[0], s.partition("_")[2]) for s in asked]
    reads = [MEANING.get(what, what) for verb, what in named if verb == "read"]
    writes = [MEANING.get(what, what) for verb, what in named if verb == "write"]
    return reads, writes
