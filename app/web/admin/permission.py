"""Asking the merchant for what only their program needs, once it does."""

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from app.loyalty.admit import keep_tokens
from app.models.audit_entry import AuditKind
from app.web import parts
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.noting import noted
from app.web.errors import BadRequest
from app.web.install.permission import new_question, remember, sealed
from app.web.permissions import missing_for_balances, missing_scopes
from app.web.sessions import token_in_header


@bp.get("/permission")
def permission() -> ResponseReturnValue:
    """Send the merchant to the platform, to agree."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        also = missing_scopes(session, shop.id, revision.program) if revision else ()
        if "balances" in request.args:
            also = tuple(dict.fromkeys((*also, *missing_for_balances(session, shop))))
    question = new_question(g.shop_domain, again=True)
    redirect_url = f"{parts.settings().public_url}/install/callback"
    response = redirect(
        parts.platform().install_url(
            g.shop_domain, redirect_url=redirect_url, state=question.state, also=also
        )
    )
    remember(response, question)
    return response


@bp.post("/permission")
def keep_permission() -> ResponseReturnValue:
    """Trade the proof of who has agreed, inside the platform's admin, for tokens that say so."""
    token = token_in_header()
    if token is None:
        raise BadRequest("The platform's token is missing.")
    tokens = parts.platform().exchange_session(g.shop_domain, token, now=parts.now())
    with parts.database().transaction() as session:
        shop = this_shop(session)
        keep_tokens(session, shop, sealed(tokens))
        noted(session, shop, AuditKind.PERMITTED)
    return "", 204
