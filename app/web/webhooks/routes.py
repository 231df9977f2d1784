"""The one address for every webhook: a signed delivery is noted, and answered, unread.

The platform waits five seconds and gives a shop up after eight failures, so nothing is parsed here
and nothing waits for anything but the one commit, which all who come at once share. What is in
order is noted at the door already, before Flask begins; the rest comes here.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from time import perf_counter
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, current_app, g, request
from flask.typing import ResponseReturnValue

from app.web.logs import log_answer, told_of
from app.web.parts import Parts, now
from app.web.security import plain_headers
from app.web.webhooks.desk import Desk

PATH = "/webhooks"

_KEY = "stamkunde_webhooks"
_TROUBLE = "stamkunde.trouble"

bp = Blueprint("webhooks", __name__)


@bp.post(PATH)
def create_delivery() -> ResponseReturnValue:
    """Note a delivery that the door left to us, or say why it could not."""
    if (trouble := request.environ.get(_TROUBLE)) is not None:
        raise trouble
    desk: Desk = current_app.extensions[_KEY]
    g.outcome = desk.take_in(g.delivery, g.body, at=now())
    return "", 200


class Door:
    """Stands in front of Flask, and notes what is whole, signed and of a usual size."""

    def __init__(
        self, flask: WSGIApplication, parts: Parts, desk: Desk, count: Callable[[str], None]
    ) -> None:
        self._flask = flask
        self._most_bytes = parts.settings.most_body_bytes
        self._platform = parts.platform
        self._desk = desk
        self._count = count
        self._headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", "0"),
            *plain_headers(parts.settings).items(),
        ]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer when the delivery is durable, or let Flask say what is wrong."""
        began = perf_counter()
        length = environ.get("CONTENT_LENGTH", "")
        is_usual = environ["REQUEST_METHOD"] == "POST" and length.isdecimal()
        if not is_usual or int(length) > self._most_bytes or "HTTP_TRANSFER_ENCODING" in environ:
            return self._flask(environ, start)
        body = environ["wsgi.input"].read(int(length))
        delivery = self._platform.verify_delivery(_headers(environ), body)
        if delivery is not None:
            try:
                outcome = self._desk.take_in(delivery, body, at=now())
            except Exception as trouble:  # Whatever it is, Flask logs it and answers.
                environ[_TROUBLE] = trouble
            else:
                self._count(outcome)
                told = told_of(delivery) | {"outcome": outcome}
                log_answer("POST", PATH, 200, began, shop=delivery.shop_domain, **told)
                start("200 OK", self._headers)
                return [b""]
        environ["wsgi.input"] = BytesIO(body)
        return self._flask(environ, start)


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    return {
        name[5:].replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_X_")
    }


def keep_desk(extensions: dict[str, object], desk: Desk) -> None:
    """Let the route find the desk."""
    extensions[_KEY] = desk
