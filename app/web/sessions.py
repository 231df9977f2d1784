"""A merchant's session: a signed cookie that says which shop's admin they came from, and when.

It lasts eight hours from its sign-in, and is worth nothing once the shop has left or has been
installed again since. Inside the platform's admin our page is in a frame of another site: there the
cookie is partitioned, kept by the browser for that admin alone, which most private windows allow
too; and it is bound to the user whom the platform's token named.
"""

import hashlib
from datetime import datetime, timedelta

from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.domain.text import LOCALES
from app.models.shop import Shop, ShopState, find_shop
from app.platforms.base import Merchant
from app.web import parts
from app.web.errors import NotSigned

LASTS = timedelta(hours=8)

OPEN_TO = (ShopState.ACTIVE, ShopState.UNAUTHORIZED)


class CookieSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, in a frame of another site with what browsers ask of it there."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of who brought a cookie; most bring none, and for them no signer is made."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """Only in a frame may another site's page bring the cookie along."""
        return "None" if _is_framed(app) else super().get_cookie_samesite(app)

    def get_cookie_partitioned(self, app: Flask) -> bool:
        """In a frame the cookie is kept apart for each site that shows it."""
        return _is_framed(app)


def _is_framed(app: Flask) -> bool:
    # Browsers take such a cookie over https alone.
    return bool(app.config["SESSION_COOKIE_SECURE"]) and is_embedded()


def is_embedded() -> bool:
    """Whether the page is shown inside the platform's admin, or was until this request."""
    return bool(session.get("embedded") or g.get("was_embedded"))


def token_in_header() -> str | None:
    """The platform's token as its script sends it with what it fetches."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def verified_merchant(token: str, shop_domain: str | None = None) -> Merchant:
    """Who a session token names. Raises NotSigned when it is not the platform's, for that shop."""
    merchant = parts.platform().verify_merchant(token, now=parts.now())
    if merchant is None or shop_domain not in (None, merchant.shop_domain):
        raise NotSigned("The session token is missing, too old or not the platform's.")
    return merchant


def sign_in_by_token(token: str, *, at: datetime) -> Shop | None:
    """Sign in whom a token names; None when their shop is not with us. Raises NotSigned."""
    merchant = verified_merchant(token)
    with parts.database().reading() as reading:
        shop = find_shop(reading, merchant.shop_domain)
    if shop is None or shop.state not in OPEN_TO:
        return None
    sign_in(shop, at=at, merchant=merchant)
    return shop


def sign_in(shop: Shop, *, at: datetime, merchant: Merchant | None = None) -> None:
    """Begin a session for a shop whose platform has just vouched for the merchant.

    `merchant` is who has our page open in a frame: a session of the same user goes on, so that the
    forms they have open do too. None is for one who has it open by itself.
    """
    if merchant is not None and _goes_on(shop, merchant, at=at):
        return
    locale = session.get("locale")
    session.clear()
    session["shop_id"] = shop.id
    session["shop_domain"] = shop.domain
    session["began"] = at.timestamp()
    if merchant is not None:
        session["embedded"] = True
        session["user_id"] = merchant.user_id
    if locale in LOCALES:
        session["locale"] = locale


def _goes_on(shop: Shop, merchant: Merchant, *, at: datetime) -> bool:
    held = signed_in_shop(at=at)
    is_theirs = session.get("user_id") == merchant.user_id
    return held is not None and held.id == shop.id and is_theirs


def signed_in_shop(*, at: datetime) -> Shop | None:
    """The shop whose merchant is asking; None when nobody is signed in, or not any more."""
    shop_id, began = session.get("shop_id"), session.get("began")
    if not isinstance(shop_id, int) or not isinstance(began, float):
        return None
    if not 0 <= at.timestamp() - began < LASTS.total_seconds():
        return None
    with parts.database().reading() as reading:
        shop = reading.get(Shop, shop_id)
    if shop is None or shop.domain != session.get("shop_domain") or shop.state not in OPEN_TO:
        return None
    return shop if began >= shop.installed_at.timestamp() else None
