"""What went wrong, in the form that RFC 9457 gives to problem details.

`code` never changes and is for programs; `detail` is a sentence, in the language that was asked
for; `errors` names each field that is wrong, by its JSON pointer, and says in English why: whoever
writes the tool reads that.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, make_response, request

PATH = "/api/"
MEDIA_TYPE = "application/problem+json"

_CHALLENGES = {
    401: 'Bearer realm="Stamkunde"',
    403: 'Bearer realm="Stamkunde", error="insufficient_scope"',
}
"""What a tool with another key could do (RFC 6750, section 3)."""


def is_asked_by_tool() -> bool:
    """Whether this address is one for tools, even where there is nothing at it."""
    return request.path.startswith(PATH)


def problem(
    status: int, code: str, detail: str, mistakes: Mapping[str, Any] | None = None
) -> Response:
    """An error as a tool reads it."""
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if mistakes:
        said["errors"] = [
            {"pointer": f"#/{name}", "detail": " ".join(map(str, found))}
            for name, found in mistakes.items()
        ]
    response = make_response(jsonify(said), status)
    response.mimetype = MEDIA_TYPE
    if status in _CHALLENGES:
        response.headers["WWW-Authenticate"] = _CHALLENGES[status]
    return response
