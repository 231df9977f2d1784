"""Our pages in the platform's frame, where a browser may keep no cookie: by a token in the address.

The address of a first page brings the platform's token, and its answer a cookie. A browser that
keeps the cookie is led to the address without the token, so the token is used once. In one that
does not, each page comes by a new token that its script asks for, and says that nothing can be
saved. An address whose token is too old is answered with a page that asks for another.
"""

from urllib.parse import urlencode

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.platforms.shopify.registration import shop_domain
from app.web import sessions

PROOF = "id_token"
SENT = "cookie"
COOKIE_SENT = {SENT: "sent"}
"""In an address that somebody is led to by an answer that has a cookie."""


def token_in_address() -> str | None:
    """The platform's token of whoever opens a page; a form or a script has it in a header."""
    return request.args.get(PROOF) if request.method == "GET" else None


def claimed_shop() -> str | None:
    """Whose admin an address says that it is opened in; believed of pages that say nothing."""
    if request.args.get("embedded") != "1":
        return None
    return shop_domain(request.args.get("shop", ""))


def led_on() -> ResponseReturnValue | None:
    """Where to go on after a token in the address was right; None to show the page here and now.

    A session that begins with this request, though an answer has sent its cookie, is that of a
    browser which keeps none.
    """
    if not g.get("begins_session"):
        return redirect(_address(without=(PROOF, SENT)))
    if request.args.get(SENT) != COOKIE_SENT[SENT]:
        return redirect(_address(without=(SENT,), **COOKIE_SENT))
    g.keeps_no_cookie = True
    return None


def can_ask_again() -> bool:
    """Whether this is a page in a frame, whose script can ask the platform for a token."""
    return request.method == "GET" and (claimed_shop() is not None or sessions.is_embedded())


def ask_again() -> ResponseReturnValue:
    """A page that says nothing of anybody, and comes back with a token of this moment."""
    g.was_embedded = True
    return render_template("fresh_token.html"), 401


def _address(*, without: tuple[str, ...], **also: str) -> str:
    kept = [one for one in request.args.items(multi=True) if one[0] not in without]
    query = urlencode([*kept, *also.items()])
    return f"{request.path}?{query}" if query else request.path
