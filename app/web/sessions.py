"""A merchant's session: a signed cookie that says which shop's admin they came from, and when.

It lasts eight hours from its sign-in and two from its last request, and is worth nothing once it
was ended, or the shop has left or has been installed again since. Inside the platform's admin our
page is in a frame of another site: there the cookie is partitioned, kept by the browser for that
admin alone, which most private windows allow too; it is bound to the user whom the platform's token
named, and wants such a token again every quarter of an hour, so that whom the platform shuts out is
shut out of here, too.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import Signer

from app.domain.text import LOCALES
from app.models.shop import Shop, ShopState, find_shop
from app.models.sign_out import was_signed_out
from app.platforms.base import Merchant
from app.web import parts
from app.web.errors import NotSigned

LASTS = timedelta(hours=8)
IDLE = timedelta(hours=2)
"""How long a session goes on without a request."""
PROVED = timedelta(minutes=15)
"""How long what the platform's token said is believed inside the platform's admin."""
NOTED_AFTER = timedelta(minutes=5)
"""A request is noted in the cookie so seldom, so that few answers bring one."""

USER = "user:"
"""What the name of a user begins with; of others we know the shop's alone."""

OPEN_TO = (ShopState.ACTIVE, ShopState.UNAUTHORIZED)


# What proves a form, and the question of an install, is signed as the cookie is.
Signer.default_digest_method = staticmethod(hashlib.sha256)


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


def sign_in_by_token(token: str, *, at: datetime, anew: bool = True) -> Shop | None:
    """Sign in whom a token names; None when their shop is not with us. Raises NotSigned.

    Unless `anew`, only a session that goes on is proved again, and None says that there is none.
    """
    merchant = verified_merchant(token)
    with parts.database().reading() as reading:
        shop = find_shop(reading, merchant.shop_domain)
    if shop is None or shop.state not in OPEN_TO:
        return None
    if not anew and not _goes_on(shop, merchant, at=at):
        return None
    sign_in(shop, at=at, merchant=merchant)
    return shop


def sign_in(shop: Shop, *, at: datetime, merchant: Merchant | None = None) -> None:
    """Begin a session for a shop whose platform has just vouched for the merchant.

    `merchant` is who has our page open in a frame: a session of the same user goes on, so that the
    forms they have open do too. None is for one who has it open by itself.
    """
    if merchant is not None and _goes_on(shop, merchant, at=at):
        session["proved"] = at.timestamp()
        return
    locale = session.get("locale")
    session.clear()
    g.begins_session = True
    session["id"] = secrets.token_hex(16)
    session["shop_id"] = shop.id
    session["shop_domain"] = shop.domain
    session["began"] = at.timestamp()
    # What the forms' tokens are bound to; requests at once would each make another.
    session["csrf_token"] = secrets.token_hex(32)
    if merchant is not None:
        session["embedded"] = True
        session["user_id"] = merchant.user_id
        session["proved"] = at.timestamp()
    if locale in LOCALES:
        session["locale"] = locale


def note_request(*, at: datetime) -> None:
    """Note that the session is in use; the first time with the first cookie that comes back.

    So a browser that keeps none, and begins a session with each page, notes nothing.
    """
    if not g.get("begins_session") and not _is_within(NOTED_AFTER, _moment("seen"), at):
        session["seen"] = at.timestamp()
        g.is_seen_anew = True


def note_others_ended(*, at: datetime) -> None:
    """Note that this session goes on, though all others of its shop are over."""
    session["spared"] = at.timestamp()


def is_proved_lately(*, at: datetime) -> bool:
    """Whether the platform has said within a quarter of an hour who is there."""
    return _is_within(PROVED, _moment("proved") or _moment("began"), at)


def began_at() -> datetime | None:
    """When the session began; None when there is none."""
    return _instant("began")


def person() -> str:
    """By which name whoever is signed in is known: the user's, else the shop's.

    Inside its admin the platform's token says who it is, by a number and not by name.
    """
    user = session.get("user_id")
    return f"{USER}{user}"[:100] if user else str(session.get("shop_domain"))[:100]


def this_session() -> str | None:
    """By which name this session alone is signed out; None for one that has none."""
    name = session.get("id")
    return f"session:{name}" if isinstance(name, str) else None


def _goes_on(shop: Shop, merchant: Merchant, *, at: datetime) -> bool:
    held = held_shop(at=at)
    is_theirs = session.get("user_id") == merchant.user_id
    return held is not None and held.id == shop.id and is_theirs


def signed_in_shop(*, at: datetime) -> Shop | None:
    """The shop whose merchant is asking; None when nobody is signed in, or not any more."""
    if session.get("embedded") and not _is_within(PROVED, _moment("proved"), at):
        return None
    return held_shop(at=at)


def held_shop(*, at: datetime) -> Shop | None:
    """The shop of a session that has not ended, though it may want a token again; else None."""
    shop_id, began = session.get("shop_id"), _moment("began")
    if not isinstance(shop_id, int) or began is None:
        return None
    if not _is_within(LASTS, began, at) or not _is_within(IDLE, _moment("seen") or began, at):
        return None
    names = [name for name in (this_session(), person()) if name is not None]
    with parts.database().reading() as reading:
        shop = reading.get(Shop, shop_id)
        if shop is None or shop.domain != session.get("shop_domain") or shop.state not in OPEN_TO:
            return None
        if was_signed_out(
            reading,
            shop.id,
            names,
            since=datetime.fromtimestamp(began, UTC),
            spared_at=_instant("spared"),
        ):
            return None
    return shop if began >= shop.installed_at.timestamp() else None


def _moment(name: str) -> float | None:
    """A time in the cookie, as seconds; None when there is none."""
    kept = session.get(name)
    return kept if isinstance(kept, float) else None


def _instant(name: str) -> datetime | None:
    moment = _moment(name)
    return datetime.fromtimestamp(moment, UTC) if moment is not None else None


def _is_within(span: timedelta, moment: float | None, at: datetime) -> bool:
    return moment is not None and 0 <= at.timestamp() - moment < span.total_seconds()
