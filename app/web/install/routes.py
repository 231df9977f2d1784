"""From the platform's admin into ours: install, come back, sign in.

Every link here is signed by the platform, so the guard has settled which shop it is about. Where we
send the browser is made of our settings and that shop alone, never of an address in the request.
"""

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.jobs.hosts import scopes_of
from app.loyalty.admit import SealedTokens, admit
from app.models.shop import Credential, ShopState, find_shop
from app.platforms.base import Tokens
from app.web import parts
from app.web.errors import BadRequest, NotSigned
from app.web.install.permission import Question, asked_before, forget, new_question, remember
from app.web.sessions import sign_in

app_home = Blueprint("install", __name__)
callback = Blueprint("install_callback", __name__)

ADMIN = "/admin/"
MOST_CODE = 512


@app_home.get("/")
def open_app() -> ResponseReturnValue:
    """Let a merchant in; first ask the platform, when we have no permission that is enough."""
    with parts.database().reading() as session:
        shop = find_shop(session, g.shop_domain)
        credential = session.get(Credential, shop.id) if shop is not None else None
    if shop is None or credential is None or shop.state != ShopState.ACTIVE:
        return _ask(g.shop_domain)
    if missing_scopes(credential.scopes.split(",")):
        return _ask(g.shop_domain)
    sign_in(shop, at=parts.now())
    return redirect(ADMIN)


@callback.get("/install/callback")
def finish_install() -> ResponseReturnValue:
    """Trade the merchant's code for tokens, note the shop, and let the merchant in.

    A code is worth something once, and the question it answers is forgotten with the first answer.
    """
    question = asked_before(request.args.get("state", ""), g.shop_domain)
    if question is None:
        raise NotSigned("This is not the answer to a question of ours. Open the app again.")
    code = request.args.get("code", "")
    if not 0 < len(code) <= MOST_CODE:
        raise BadRequest("The platform sent no code.")
    tokens = parts.platform().exchange(g.shop_domain, code, now=parts.now())
    missing = missing_scopes(tokens.scopes)
    if missing:
        return _ask_again(question, missing)
    _let_in(tokens)
    response = redirect(ADMIN)
    forget(response)
    return response


def _let_in(tokens: Tokens) -> None:
    at = parts.now()
    seal = parts.vault().seal
    sealed = SealedTokens(
        access=seal(tokens.access.encode()),
        refresh=seal(tokens.refresh.encode()) if tokens.refresh is not None else None,
        expires_at=tokens.expires_at,
        scopes=tokens.scopes,
    )
    with parts.database().transaction() as session:
        shop = admit(
            session, platform=parts.platform().name, domain=g.shop_domain, tokens=sealed, at=at
        )
    sign_in(shop, at=at)


def missing_scopes(granted: list[str] | tuple[str, ...]) -> list[str]:
    """What we need and were not given; being allowed to write something implies reading it."""
    given = set(granted) | {f"read_{name[6:]}" for name in granted if name.startswith("write_")}
    return [scope for scope in scopes_of(parts.settings()) if scope not in given]


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
