"""Asking the merchant for what only their program needs, once it does."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.loyalty.admit import keep_tokens
from app.web import parts
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.install.permission import new_question, remember, sealed
from app.web.permissions import missing_scopes


@bp.get("/permission")
def permission() -> ResponseReturnValue:
    """Send the merchant to agree; inside the platform's admin they have, and bring the proof."""
    token = request.args.get("id_token")
    if token is not None:
        tokens = parts.platform().exchange_session(g.shop_domain, token, now=parts.now())
        with parts.database().transaction() as session:
            keep_tokens(session, this_shop(session), sealed(tokens))
        return redirect(url_for("admin.home"))
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        also = missing_scopes(session, shop.id, revision.program) if revision else ()
    question = new_question(g.shop_domain, again=True)
    redirect_url = f"{parts.settings().public_url}/install/callback"
    response = redirect(
        parts.platform().install_url(
            g.shop_domain, redirect_url=redirect_url, state=question.state, also=also
        )
    )
    remember(response, question)
    return response
