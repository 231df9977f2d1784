"""`python -m benchmarks.shares [settle|read]`: which part of the processor time goes where.

The process looks at its own stack after each millisecond of processor time, whatever its neighbors
do meanwhile, and counts it for the innermost library or folder of ours that it finds there. What
the database's server does is not in it.
"""

import argparse
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from types import FrameType
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment
from wsgiref.util import setup_testing_defaults

from rich.console import Console

from app.jobs.inbox import work_inbox
from app.web import create_app
from benchmarks.installation import DATABASES, Installation, installed, logged
from benchmarks.mix import mixed
from benchmarks.read import MEMBER, OTHERS, give_history, signed_path
from benchmarks.settle import publish_all_rules

EVERY_SECONDS = 0.001
LIBRARIES = {
    "/sqlalchemy/": "SQLAlchemy",
    "/psycopg/": "the driver",
    "/flask_babel/": "words and numbers of a language",
    "/babel/": "words and numbers of a language",
    "/structlog/": "the log",
    "/werkzeug/": "Flask",
    "/flask": "Flask",
}


class Shares:
    """Counts where the process is, so often as processor time passes."""

    def __init__(self) -> None:
        self.found = Counter[str]()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count in the block."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        self.found[_place(frame)] += 1

    def lines(self) -> list[str]:
        """Each place with its share, the largest first."""
        whole = self.found.total() or 1
        return [f"{times / whole:6.1%}  {place}" for place, times in self.found.most_common()]


def _place(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        for part, name in LIBRARIES.items():
            if part in path:
                return name
        if "/app/" in path:
            return "app/" + "/".join(path.rpartition("/app/")[2].split("/")[:2])
        frame = frame.f_back
    return "elsewhere"


def settle_shares(at: Installation, orders: int) -> dict[str, Shares]:
    """Settling deliveries by all rules."""
    publish_all_rules(at)
    shares, now = Shares(), datetime.now(UTC)
    with logged(at):
        for name, first in (("warm", 1_000_000), ("measured", 2_000_000)):
            at.receive(mixed("6 KB", first, orders), prefix=name, at=now - timedelta(seconds=1))
            if name == "warm":
                _work(at, now)
            else:
                with shares.counting():
                    _work(at, now)
    return {"settle": shares}


def _work(at: Installation, now: datetime) -> None:
    while work_inbox(at.tools, now=now):
        pass


def read_shares(at: Installation, asks: int) -> dict[str, Shares]:
    """The widget's question, without gunicorn: for the first time, and again."""
    give_history(at, OTHERS)
    app = create_app(at.settings, at.tools.database)
    turns = count()
    found: dict[str, Shares] = {}
    asked: dict[str, Callable[[], WSGIEnvironment]] = {
        "read, for the first time": lambda: _environment(at, 100 + next(turns) % OTHERS, turns),
        "read, again": lambda: _environment(at, MEMBER, None),
    }
    for name, ask in asked.items():
        shares = found[name] = Shares()
        with logged(at):
            for times in (20, asks):
                environments = [ask() for _ in range(times)]
                with shares.counting():
                    for environment in environments:
                        b"".join(app.wsgi_app(environment, lambda *_: bytes.__len__))
                if times == 20:
                    shares.found.clear()
    return found


def _environment(at: Installation, member: int, turns: Iterator[int] | None) -> WSGIEnvironment:
    also = {"turn": str(next(turns))} if turns is not None else {}
    address = urlsplit(signed_path(at, member, **also))
    environment: WSGIEnvironment = {"wsgi.input": BytesIO()}
    setup_testing_defaults(environment)
    return environment | {"PATH_INFO": address.path, "QUERY_STRING": address.query}


def main() -> None:
    """Look, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shares", description=__doc__)
    parser.add_argument("path", nargs="*", choices=[[], "settle", "read"])
    parser.add_argument("--database", choices=DATABASES, action="append")
    asked = parser.parse_args()
    console = Console()
    for kind in asked.database or DATABASES:
        for path in asked.path or ("settle", "read"):
            with installed(kind) as at:
                found = settle_shares(at, 2_000) if path == "settle" else read_shares(at, 1_000)
            for name, shares in found.items():
                console.print(f"{name} on {kind}", *shares.lines()[:10], sep="\n")


if __name__ == "__main__":
    main()
