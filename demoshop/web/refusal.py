"""Refusals as answers: JSON for programs, a page for people."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from demoshop.selling.refusals import Refused

MISSING = {"unknown_order", "unknown_product", "unknown_persona", "unknown_webhook"}


def register(app: Flask) -> None:
    """Teach the application how it says no."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)


def _refused(error: Refused) -> ResponseReturnValue:
    return _answer(404 if error.code in MISSING else 409, error.code, error.message)


def _http(error: HTTPException) -> ResponseReturnValue:
    name = (error.name or "error").lower().replace(" ", "_")
    return _answer(error.code or 500, name, error.description or "Something went wrong.")


def _answer(status: int, code: str, message: str) -> ResponseReturnValue:
    if request.path.startswith(("/demo/api/", "/admin/api/", "/admin/oauth/access_token")):
        return {"code": code, "message": message}, status
    return render_template("refused.html", status=status, message=message), status
