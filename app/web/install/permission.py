"""What ties the merchant who comes back with a code to the one whom we sent away.

A signed cookie of its own, gone after ten minutes or the first use, holds a nonce that the platform
repeats to us. Somebody else's code in a merchant's browser therefore lets nobody into anything.
"""

import hmac
import secrets
from dataclasses import dataclass

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug import Response

from app.loyalty.admit import SealedTokens
from app.platforms.base import Tokens
from app.web import parts

LASTS_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Question:
    """One journey to the platform; `again` when it had given us less than we asked for before."""

    state: str
    shop_domain: str
    again: bool


def sealed(tokens: Tokens) -> SealedTokens:
    """Tokens as they are stored."""
    seal = parts.vault().seal
    return SealedTokens(
        access=seal(tokens.access.encode()),
        refresh=seal(tokens.refresh.encode()) if tokens.refresh is not None else None,
        expires_at=tokens.expires_at,
        scopes=tokens.scopes,
    )


def new_question(shop_domain: str, *, again: bool) -> Question:
    """A question that nobody can guess. Hex, since that is the same in every encoding."""
    return Question(secrets.token_hex(16), shop_domain, again)


def remember(response: Response, question: Question) -> None:
    """Have the browser keep a question until its answer comes."""
    signed = _signer().dumps([question.state, question.shop_domain, question.again])
    response.set_cookie(
        _name(),
        signed,
        max_age=LASTS_SECONDS,
        secure=_is_https(),
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Let the browser drop the question: it is answered."""
    response.delete_cookie(_name(), secure=_is_https(), httponly=True, samesite="Lax")


def asked_before(state: str, shop_domain: str) -> Question | None:
    """The question that this browser was sent away with, if the answer is one to it."""
    try:
        kept = _signer().loads(request.cookies.get(_name(), ""), max_age=LASTS_SECONDS)
        question = Question(*kept)
    except (BadData, TypeError):
        return None
    if not hmac.compare_digest(question.state.encode(), state.encode()):
        return None
    return question if question.shop_domain == shop_domain else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(parts.settings().session_key, salt="install")


def _name() -> str:
    return "__Host-stamkunde-install" if _is_https() else "stamkunde-install"


def _is_https() -> bool:
    return parts.settings().public_url.startswith("https://")
