"""The limit of a request: a bare Flask route under the same gunicorn settings as the app.

It reads the body and answers: no signature, no database, no log, no headers of ours. Nothing that
is written with Flask can be faster than this on the same machine.
"""

import argparse
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask, Response, request

from app.cli.serving import Server
from app.config import Settings, read_settings


def bare_app(answer: bytes) -> Flask:
    """Two routes: one swallows a webhook, one gives back bytes that were made before."""
    app = Flask(__name__)

    @app.post("/webhooks")
    def swallow() -> tuple[str, int]:
        request.get_data(cache=False)
        return "", 200

    @app.get("/proxy/me")
    def give() -> Response:
        return Response(answer, content_type="application/json")

    @app.get("/healthz")
    def live() -> str:
        return "ok"

    return app


class BareServer(Server):
    """The app's own server with the bare routes in it."""

    def __init__(self, settings: Settings, options: dict[str, Any], answer: bytes) -> None:
        self._answer = answer
        super().__init__(settings, options, with_worker=False)

    def load(self) -> WSGIApplication:
        return bare_app(self._answer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--answer", type=Path, required=True)
    asked = parser.parse_args()
    address = f"127.0.0.1:{asked.port}"
    options = {"bind": address, "workers": asked.processes, "threads": 8, "graceful_timeout": 5}
    BareServer(read_settings(), options, asked.answer.read_bytes()).run()
