"""Where the demo's programs listen, remembered so that its addresses stay the same."""

import json
import os
import secrets
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from app.config import Settings

APP_PORT, SHOP_PORT = 8000, 5001
OUR_PORTS = range(20_000, 32_768)
"""Below those that Linux gives to outgoing connections (ip_local_port_range)."""
HOST = "127.0.0.1"
ANSWER_SECONDS = 3

# Ours are on this machine; a proxy of the environment has no business with them.
_direct = build_opener(ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo as others can find it."""

    app_url: str
    shop_url: str
    domain: str
    pid: int


@dataclass(frozen=True, slots=True)
class World:
    """The demo shop that belongs to a database: its domain and its own records.

    A server's database may have seen other demo shops. Order numbers of a new one would begin
    where theirs did, so it goes by a domain that nobody had before.
    """

    domain: str
    data: Path


def remembered(instance: Path) -> Demo | None:
    """The demo that ran last in an instance folder; None when there was none."""
    try:
        return Demo(**json.loads((instance / "demo.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def remember(instance: Path, demo: Demo) -> None:
    """Write down where the demo is, in one move, so that a reader never sees half of it."""
    draft = instance / f"demo.json.{os.getpid()}"
    draft.write_text(json.dumps(asdict(demo)))
    draft.replace(instance / "demo.json")


def ports_of(demo: Demo) -> tuple[int, int]:
    """Where its app and its shop listen."""
    return urlsplit(demo.app_url).port or APP_PORT, urlsplit(demo.shop_url).port or SHOP_PORT


def world_of(settings: Settings) -> World:
    """The demo shop of the settings' database, made up when it is new."""
    if settings.database_url.startswith("sqlite"):
        return World("nordlys.myshopify.com", settings.instance / "demoshop.sqlite3")
    key = sha256(settings.database_url.encode()).hexdigest()[:8]
    name = settings.instance / f"demoshop-{key}.domain"
    if not name.exists():
        name.write_text(f"nordlys-{secrets.token_hex(3)}.myshopify.com")
    return World(name.read_text(), name.with_suffix(".sqlite3"))


def free_port(wanted: int = 0, *, beside: int = 0) -> int:
    """This port if nobody listens on it, else any that is free; 0 wants any."""
    candidates = chain([wanted] if wanted else (), _any_port())
    return next(port for port in candidates if port != beside and is_free(port))


def _any_port() -> Iterator[int]:
    # Not where the system puts the ends of connections: one of those could take the port before
    # the program that it is for listens, and a call to it could even be answered by itself.
    while True:
        yield secrets.choice(OUR_PORTS)


def is_free(port: int) -> bool:
    """Whether a port of this machine can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(url: str) -> bool:
    """Whether a page is there and well."""
    try:
        with _direct.open(url, timeout=ANSWER_SECONDS) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
