"""The storefront widget's script, as small and as quiet as it can be served."""

import gzip
from functools import cache
from hashlib import sha256

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from app.web.storefront.script import widget_script

bp = Blueprint("widget", __name__)

FRESH_SECONDS = 300


@cache
def _script() -> tuple[bytes, bytes, str]:
    """The script, the same compressed, and its fingerprint; read once, since it never changes."""
    text = widget_script().encode()
    return text, gzip.compress(text, 9, mtime=0), sha256(text).hexdigest()[:32]


@bp.get("/widget.js")
def show_widget() -> ResponseReturnValue:
    """The script; 304 for a browser that has it already."""
    text, compressed, fingerprint = _script()
    g.readers = "widget"
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(compressed if packed else text, mimetype="text/javascript")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.set_etag(fingerprint, weak=True)
    return response.make_conditional(request)
