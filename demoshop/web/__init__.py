"""The demo shop's pages and interfaces, put together."""

from functools import partial

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from demoshop.config import Settings
from demoshop.machine import Machine
from demoshop.money import shown
from demoshop.products import BY_HANDLE
from demoshop.web import admin_graphql, app_proxy, oauth, refusal
from demoshop.web.admin import apps, customers, events, frame, orders, theme, weather
from demoshop.web.admin import reviews as review_app
from demoshop.web.demo_api import act, look
from demoshop.web.line import CALLED_BY_THE_APP, Line
from demoshop.web.storefront import basket, checkout, people, reviews, shelves, words

# Called by the app's server, which has no page of ours open and sends whatever Origin it was sent.
MACHINES_CALL = ("/apps/", *CALLED_BY_THE_APP)

INTERFACES = (admin_graphql, app_proxy, oauth, act, look)
BACK_OFFICE = (apps, customers, events, frame, orders, review_app, theme, weather)
STOREFRONT = (basket, checkout, people, reviews, shelves)
PARTS = (*INTERFACES, *BACK_OFFICE, *STOREFRONT)


def create_app(settings: Settings) -> Flask:
    """The shop as a Flask application. Start its `machine.sender` to have webhooks sent."""
    machine = Machine(settings)
    app = Flask(__name__, static_folder="../static", template_folder="../templates")
    app.extensions["machine"] = machine
    app.secret_key = machine.session_key()
    app.config.update(
        # Cookies know no ports, and the app answers on the same host.
        SESSION_COOKIE_NAME="nordlys_session",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
    )
    for part in PARTS:
        app.register_blueprint(part.bp)
    app.before_request(refuse_strangers)
    app.after_request(harden)
    app.context_processor(words.for_templates)
    app.jinja_env.globals.update(goods=BY_HANDLE, kroner=partial(shown, locale="en"))
    refusal.register(app)
    app.wsgi_app = Line(app.wsgi_app, machine.faults)  # type: ignore[method-assign]
    return app


def refuse_strangers() -> None:
    """A form of another site may not act here: its browser says where it comes from."""
    origin = request.headers.get("Origin", "").rstrip("/")
    strange = origin not in ("", request.host_url.rstrip("/"))
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    if strange and changes and not request.path.startswith(MACHINES_CALL):
        raise Forbidden("This form was not ours.")


def harden(response: Response) -> Response:
    """Headers for every answer."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
