"""From the platform's admin into ours: install, come back, sign in.

Every link here is signed by the platform, so the guard has settled which shop it is about. Where we
send the browser is made of our settings and that shop alone, never of an address in the request.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.loyalty.admit import admit
from app.models.shop import Credential, ShopState, find_shop
from app.platforms.base import Merchant, Tokens
from app.web import parts
from app.web.errors import BadRequest, NotSigned
from app.web.framed import COOKIE_SENT, PROOF
from app.web.install.permission import (
    Question,
    asked_before,
    forget,
    new_question,
    remember,
    sealed,
)
from app.web.sessions import sign_in, verified_merchant

app_home: Blueprint = Blueprint("install", __name__)
callback: Blueprint = Blueprint("install_callback", __name__)

ADMIN = "/admin/"
MOST_CODE = 512


@app_home.get("/")
def open_app() -> ResponseReturnValue:
    """Let a merchant in; first ask the platform, when we have no permission that is enough."""
    merchant = _merchant_inside()
    with parts.database().reading() as session:
        shop = find_shop(session, g.shop_domain)
        credential = session.get(Credential, shop.id) if shop is not None else None
    granted = credential.scopes.split(",") if credential is not None else []
    if shop is None or shop.state != ShopState.ACTIVE or missing_scopes(granted):
        if merchant is None:
            return _ask(g.shop_domain)
        return _install_inside(merchant)
    sign_in(shop, at=parts.now(), merchant=merchant)
    return redirect(_admin(merchant))


def _merchant_inside() -> Merchant | None:
    """Who has the app open inside the platform's admin; None for one who opens it by itself.

    Raises NotSigned for a token that is not the platform's, or is another shop's.
    """
    token = request.args.get(PROOF)
    return verified_merchant(token, g.shop_domain) if token is not None else None


def _install_inside(merchant: Merchant) -> ResponseReturnValue:
    """Trade the proof of who is there for tokens: the platform has asked the merchant already.

    When it has not asked for all we need, nobody can be sent away from within a frame: then we say
    what is missing, and the platform asks when the app is opened again.
    """
    token = request.args[PROOF]
    tokens = parts.platform().exchange_session(g.shop_domain, token, now=parts.now())
    missing = missing_scopes(tokens.scopes)
    if missing:
        return render_template("missing_scopes.html", missing=missing), 403
    _let_in(tokens, merchant)
    return redirect(_admin(merchant))


def _admin(merchant: Merchant | None) -> str:
    """Our first page; inside a frame with what the platform's script needs to find its frame.

    The token goes along for a browser that keeps no cookie; any other is led away from it at once.
    """
    if merchant is None:
        return ADMIN
    kept = {"shop": g.shop_domain, "host": request.args.get("host", ""), "embedded": "1"}
    return f"{ADMIN}?{urlencode(kept | COOKIE_SENT | {PROOF: request.args[PROOF]})}"


@callback.get("/install/callback")
def finish_install() -> ResponseReturnValue:
    """Trade the merchant's code for tokens, note the shop, and let the merchant in.

    A code is worth something once, and the question it answers is forgotten with the first answer.
    """
    question = asked_before(request.args.get("state", ""), g.shop_domain)
    if question is None:
        raise NotSigned(_("This is not the answer to a question of ours. Open the app again."))
    code = request.args.get("code", "")
    if not 0 < len(code) <= MOST_CODE:
        raise BadRequest(_("Your shop sent no answer. Open the app again."))
    tokens = parts.platform().exchange(g.shop_domain, code, now=parts.now())
    missing = missing_scopes(tokens.scopes)
    if missing:
        return _ask_again(question, missing)
    _let_in(tokens, None)
    response = redirect(ADMIN)
    forget(response)
    return response


def _let_in(tokens: Tokens, merchant: Merchant | None) -> None:
    at = parts.now()
    with parts.database().transaction() as session:
        shop = admit(
            session,
            platform=parts.platform().name,
            domain=g.shop_domain,
            tokens=sealed(tokens),
            at=at,
        )
    sign_in(shop, at=at, merchant=merchant)


def missing_scopes(granted: Sequence[str]) -> list[str]:
    """What we need of every shop and were not given."""
    return list(parts.platform().missing_scopes(granted, ()))


def _ask(shop_domain: str, *, again: bool = False) -> ResponseReturnValue:
    """Send the merchant to the platform's consent page."""
    question = new_question(shop_domain, again=again)
    redirect_url = f"{parts.settings().public_url}/install/callback"
    response = redirect(
        parts.platform().install_url(shop_domain, redirect_url=redirect_url, state=question.state)
    )
    remember(response, question)
    return response


def _ask_again(question: Question, missing: list[str]) -> ResponseReturnValue:
    """Ask once more for what is missing; then say what it is, instead of going round in circles."""
    if not question.again:
        return _ask(question.shop_domain, again=True)
    return render_template("missing_scopes.html", missing=missing), 403
