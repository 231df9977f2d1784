"""The app proxy: a path of the shop that is answered by the app.

The browser stays on the shop's address. The shop adds who is logged in, signs that, and lets no
cookie through in either direction.
"""

from urllib.parse import urlencode

import requests
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from demoshop.host.signatures import proxy_signature
from demoshop.web.here import logged_in_id, machine, now

bp = Blueprint("app_proxy", __name__)

PREFIX = "/apps/stamkunde"
TIMEOUT_SECONDS = 10
OURS = ("shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature", "hmac")
PASSED_ON = (
    "Accept",
    "Accept-Language",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "Origin",
    "User-Agent",
    "X-Requested-With",
)
KEPT_BACK = {
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "set-cookie",
    "set-cookie2",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


@bp.route(f"{PREFIX}/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@bp.route(f"{PREFIX}/", methods=["GET"], defaults={"path": ""})
def forward(path: str) -> ResponseReturnValue:
    """Pass a request on to the app and its answer back."""
    settings = machine().settings
    query = urlencode(signed_parameters(list(request.args.items(multi=True))))
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    headers["X-Forwarded-For"] = request.remote_addr or ""
    try:
        answer = requests.request(
            request.method,
            f"{settings.app_url}/proxy/{path}?{query}",
            data=request.get_data(),
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.Timeout:
        return _failed(504, "The app took too long to answer.")
    except requests.RequestException:
        return _failed(502, "The app cannot be reached.")
    kept = {k: v for k, v in answer.headers.items() if k.lower() not in KEPT_BACK}
    return Response(answer.content, status=answer.status_code, headers=kept)


def signed_parameters(asked: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The query of the browser with ours added; what it claims under our names is dropped."""
    settings = machine().settings
    customer_id = logged_in_id()
    parameters = [(name, value) for name, value in asked if name not in OURS]
    parameters += [
        ("shop", settings.domain),
        ("logged_in_customer_id", str(customer_id) if customer_id else ""),
        ("path_prefix", PREFIX),
        ("timestamp", str(int(now().timestamp()))),
    ]
    signature = proxy_signature(settings.client_secret, parameters)
    return [*parameters, ("signature", signature)]


def _failed(status: int, sentence: str) -> ResponseReturnValue:
    return Response(sentence, status=status, content_type="text/plain; charset=utf-8")
