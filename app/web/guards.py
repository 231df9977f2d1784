"""Who is asking: settled for every request before its route runs.

Each blueprint is registered with the one way in which it knows its caller. A blueprint that nobody
gave a guard, or a route outside of all of them, lets nobody in.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.models.shop import Shop
from app.web import framed, parts, sessions
from app.web.api.access import admit_tool
from app.web.errors import NotSigned, NotSignedIn

_KEY = "stamkunde_guards"
UPLOADS = "admin.bring_import"
"""What takes more than any other form: files."""
ADMIN = "/admin/"
PROVING = "admin.prove_session"
"""What an open page asks by itself: it proves again who is there, and is no use of the session."""


class Auth(StrEnum):
    """How a route knows its caller; the manifest uses the same words."""

    PUBLIC = "public"
    WEBHOOK = "webhook"
    APP_PROXY = "app_proxy"
    APP_HOME = "app_home"
    OAUTH_CALLBACK = "oauth_callback"
    SESSION = "session"
    API_KEY = "api_key"


def guard_requests(app: Flask, by_blueprint: Mapping[str, Auth]) -> None:
    """Have every request of these blueprints pass its guard."""
    app.extensions[_KEY] = dict(by_blueprint)
    app.before_request(_settle_who_asks)


def auth_by_endpoint(app: Flask) -> dict[str, str]:
    """How each endpoint knows its caller, for a comparison with the manifest."""
    kinds: dict[str, Auth] = app.extensions[_KEY]
    found = {rule.endpoint: _kind(rule.endpoint, kinds) for rule in app.url_map.iter_rules()}
    return {endpoint: kind.value for endpoint, kind in found.items() if kind is not None}


def _kind(endpoint: str, kinds: Mapping[str, Auth]) -> Auth | None:
    if endpoint == "static":
        return Auth.PUBLIC
    return kinds.get(endpoint.rpartition(".")[0])


def _settle_who_asks() -> ResponseReturnValue | None:
    if request.url_rule is None or request.endpoint is None:
        # No such route or method: the router says so in a moment.
        if request.path.startswith(ADMIN):
            _recognize()
        return None
    kind = _kind(request.endpoint, current_app.extensions[_KEY])
    if kind is None:
        abort(403)
    g.auth = kind.value
    return _GUARDS[kind]()


def _recognize() -> None:
    """Know who is signed in where there is no page, so that what they read has the menu on it."""
    shop = sessions.signed_in_shop(at=parts.now())
    if shop is not None:
        g.auth = Auth.SESSION.value
        _note_whose(shop)


def _note_whose(shop: Shop) -> None:
    g.shop_id = shop.id
    g.shop_domain = shop.domain
    g.timezone = shop.timezone


def _public() -> None:
    """Everybody may see this."""


def _webhook() -> None:
    """The platform signed the body, whose bytes are read once and not parsed here."""
    g.body = _whole_body(parts.settings().most_body_bytes)
    delivery = parts.platform().verify_delivery(dict(request.headers), g.body)
    if delivery is None:
        raise NotSigned("The signature is missing or is not the platform's.")
    g.delivery = delivery
    g.shop_domain = delivery.shop_domain


def _whole_body(most_bytes: int) -> bytes:
    # A body without a length is cut at the limit, without a word; one byte more tells them apart.
    request.max_content_length = most_bytes + 1
    body = request.get_data(cache=False)
    if len(body) > most_bytes:
        raise RequestEntityTooLarge
    return body


def _app_proxy() -> None:
    """The storefront's proxy says which shop's page is open, and who is logged in there."""
    shopper = parts.platform().verify_shopper(request.query_string, now=parts.now())
    if shopper is None:
        raise NotSigned("The signature is missing, too old or not the platform's.")
    g.shop_domain = shopper.shop_domain
    g.customer_id = shopper.customer_id


def _signed_link() -> ResponseReturnValue | None:
    """A link that the platform signed lately names the shop."""
    if request.endpoint == "install.open_app" and not request.query_string:
        return redirect(url_for("welcome.front_page"))
    domain = parts.platform().verify_admin(request.query_string, now=parts.now())
    if domain is None:
        raise NotSigned(_("This link is not the platform's, or it is too old. Open the app again."))
    g.shop_domain = domain
    return None


def _session() -> ResponseReturnValue | None:
    """A merchant is signed in, and their shop is still with us.

    A token of the platform says who is there better than any cookie; a wrong one is refused even
    where a cookie would do.
    """
    if request.endpoint == UPLOADS:
        request.max_content_length = parts.settings().most_import_bytes
    in_header = sessions.token_in_header()
    in_address = framed.token_in_address() if in_header is None else None
    token = in_header if in_header is not None else in_address
    g.signed_out_of = session.get("shop_domain") or framed.claimed_shop()
    try:
        shop = _shop_of(token)
    except NotSigned:
        # That of a page which is opened again from the browser's memory is too old.
        if in_address is not None and framed.can_ask_again():
            return framed.ask_again()
        raise
    if shop is None:
        return _signed_out(has_token=token is not None)
    _note_whose(shop)
    if request.endpoint != PROVING:
        sessions.note_request(at=parts.now())
    return framed.led_on() if in_address is not None else None


def _shop_of(token: str | None) -> Shop | None:
    at = parts.now()
    if token is None:
        return sessions.signed_in_shop(at=at)
    return sessions.sign_in_by_token(token, at=at, anew=request.endpoint != PROVING)


def _signed_out(*, has_token: bool) -> ResponseReturnValue:
    g.was_embedded = sessions.is_embedded()
    # One that only wants a token again goes on with it, and so do the forms of its other pages.
    if sessions.held_shop(at=parts.now()) is None:
        session.clear()
    # Whose token was right, and their shop is not with us, would bring another for nothing.
    if not has_token and framed.can_ask_again():
        return framed.ask_again()
    raise NotSignedIn(_("Open Stamkunde from your shop's admin to begin."))


_GUARDS: dict[Auth, Callable[[], ResponseReturnValue | None]] = {
    Auth.PUBLIC: _public,
    Auth.WEBHOOK: _webhook,
    Auth.APP_PROXY: _app_proxy,
    Auth.APP_HOME: _signed_link,
    Auth.OAUTH_CALLBACK: _signed_link,
    Auth.SESSION: _session,
    Auth.API_KEY: admit_tool,
}
