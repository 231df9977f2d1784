"""`python -m demoshop`: the shop, served by one gunicorn worker with threads."""

import os
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from demoshop.config import Settings, settings_from
from demoshop.web import create_app


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn without its command line.

    One process, because the shop keeps its query bucket in memory and sends webhooks from a
    thread; that thread starts in the worker, after the fork.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn needs to know."""
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 16,
            # Longer than clients keep their connections, so that none is closed under a request.
            "keepalive": 75,
            "graceful_timeout": 5,
            # As long as those that its proxy may pass on.
            "limit_request_line": 8190,
            "loglevel": "warning",
            "proc_name": "demoshop",
            "worker_exit": _stop,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Open the shop, in the worker."""
        app = create_app(self._settings)
        app.extensions["machine"].sender.start()
        return app


def _stop(_server: Any, worker: Any) -> None:
    app = getattr(worker, "wsgi", None)
    if isinstance(app, Flask):
        app.extensions["machine"].close()


def main() -> None:
    """Serve until told to stop."""
    Server(settings_from(os.environ)).run()


if __name__ == "__main__":
    main()
