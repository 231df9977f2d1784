"""What programs send: a JSON object, and the key by which they repeat a request safely."""

import re
from typing import Any

import orjson
from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from app.domain.sentence import Sentence as _
from app.web.errors import BadRequest

MOST_BYTES = 4096

_PLAIN = re.compile(r"[!-~]+")


def expect_json() -> None:
    """Refuse what is too large or says that it is no JSON, before it is read."""
    request.max_content_length = MOST_BYTES
    if request.mimetype != "application/json":
        raise UnsupportedMediaType


def json_object() -> dict[str, Any]:
    """The body. Raises BadRequest for what is no JSON object."""
    try:
        document = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest(_("The body is not JSON.")) from error
    if not isinstance(document, dict):
        raise BadRequest(_("The body is not a JSON object."))
    return document


def request_key(most: int) -> str:
    """The key by which a request is repeated without doing it twice. Raises BadRequest."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > most or not _PLAIN.fullmatch(key):
        said = _("The header Idempotency-Key must have 1 to {most} plain characters.")
        raise BadRequest(said.format(most=most))
    return key
