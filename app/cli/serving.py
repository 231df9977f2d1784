"""The web as gunicorn serves it, with or without a worker in the same process."""

import gc
import os
import signal
import threading
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from app.config import Settings
from app.db import Database
from app.jobs.hosts import platform_of
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.vault import Vault
from app.web import create_app

LONGEST_REQUEST_SECONDS = 30
KEEP_ALIVE_SECONDS = 75
"""Longer than proxies keep their connections, so that none is closed under a request."""


MOST_ADDRESS_BYTES = 8190
"""The most that gunicorn takes: the places of a shop's page are in the widget's question."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn without its command line, so that the settings are read in one place."""

    def __init__(self, settings: Settings, options: dict[str, Any], *, with_worker: bool) -> None:
        self._settings = settings
        self._options = options
        self._companion = Companion(settings) if with_worker else None
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn needs to know."""
        memory = Path("/dev/shm")  # noqa: S108 (gunicorn's own heartbeat, not ours)
        fixed: dict[str, Any] = {
            "worker_class": "gthread",
            "timeout": LONGEST_REQUEST_SECONDS,
            "limit_request_line": MOST_ADDRESS_BYTES,
            "keepalive": KEEP_ALIVE_SECONDS,
            "worker_tmp_dir": str(memory) if memory.is_dir() else None,
            "loglevel": "warning",
            "proc_name": "stamkunde",
            "control_socket_disable": True,
        }
        if self._companion is not None:
            fixed |= {
                "post_worker_init": self._companion.start,
                "worker_exit": self._companion.stop,
            }
        for name, value in (fixed | self._options).items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """The web, made in the process that serves it."""
        web = create_app(self._settings)
        set_aside()
        return web


class Companion:
    """A worker that lives in a thread of a web process and ends with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, _process: object) -> None:
        """Begin to work; gunicorn calls it in the new process."""
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._thread.start()

    def stop(self, _server: object, _process: object) -> None:
        """Finish what is begun; gunicorn calls it when the process has answered its last."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=LONGEST_REQUEST_SECONDS)

    def _run(self) -> None:
        try:
            worker_of(self._settings).run(self._stop)
        finally:
            # Gunicorn starts a new process for one that ends, and a new worker with it.
            if not self._stop.is_set():
                os.kill(os.getpid(), signal.SIGTERM)


def set_aside() -> None:
    """Have Python never again look for garbage among what is loaded by now: none of it is any.

    To look through all libraries takes longer than most pages, and would come in the middle of one.
    """
    gc.collect()
    gc.freeze()


def worker_of(settings: Settings) -> Worker:
    """A worker with database connections of its own."""
    return Worker(tools_of(settings))


def tools_of(settings: Settings) -> Tools:
    """What jobs work with, with database connections of its own."""
    return Tools(
        database=Database(settings.database_url, pool_size=4),
        vault=Vault(settings.seal_keys, settings.hash_key),
        platform=platform_of(settings),
        public_url=settings.public_url,
    )
