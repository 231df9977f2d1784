"""The databases the tests run on: SQLite and PostgreSQL, one after the other, freshly migrated.

A test that asks for `database` runs on both. Statements that touch a shop's tables without naming
the shop raise, but for the few that say they look at all shops.
"""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import make_url

from app.db import Database
from app.models import Base
from app.models.shop import Shop
from app.vault import Vault
from tests.parts import database_on
from tests.source import ROOT

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
# For a test of what only a server can do: its `database` is PostgreSQL's alone.
needs_server = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))],
    indirect=True,
)
OF_NO_SHOP = {"shop", "unknown_delivery", "worker_pulse", "chore"}
OF_A_SHOP = {table.name for table in Base.metadata.sorted_tables} - OF_NO_SHOP
TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)", re.IGNORECASE)


class ShopIsMissing(AssertionError):
    """A statement touches a shop's table and does not say which shop."""


def watch_shops(database):
    """Raise for every statement that could see another shop's rows."""

    def look(_connection, _cursor, statement, _parameters, context, _many):
        if context is not None and context.execution_options.get("all_shops"):
            return
        if OF_A_SHOP & set(TABLE.findall(statement)) and "shop_id" not in statement:
            raise ShopIsMissing(statement)

    event.listen(database.engine, "before_cursor_execute", look)


def migrate(url):
    """A database with all migrations in it, on one connection of its own."""
    database = Database(url)
    with database.migrating() as connection:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated SQLite file, to be copied for each test."""
    path = tmp_path_factory.mktemp("template") / "stamkunde.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server):
    """A migrated PostgreSQL database, to be copied for each test."""
    with database_on(postgres_server, "template") as url:
        migrate(url)
        yield make_url(url).database


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]
)
def database_url(request, tmp_path):
    """A migrated database of this test's own, on each kind of database."""
    if request.param == "sqlite":
        path = Path(tmp_path) / "stamkunde.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    with database_on(server, "one", template=template) as url:
        yield url


@pytest.fixture
def database(database_url):
    """An open database whose statements are watched."""
    database = Database(database_url)
    watch_shops(database)
    yield database
    database.close()


@pytest.fixture
def session(database):
    """One writing transaction for the whole test."""
    with database.transaction() as session:
        yield session


@pytest.fixture
def vault():
    """A vault with keys of the tests' own."""
    return Vault(["p9Yw6WlLJ8wJ0ZVZk4FqvY0ZqTLvVnGg5F9c6sZ3p5A="], "a key for the hash")


@pytest.fixture
def shop(session):
    """A shop that has installed us; its program is published by the tests that need one."""
    return a_shop(session)


def a_shop(session, domain="nordlys.myshopify.com", **changes):
    """An installed shop that sells in kroner."""
    facts = {"platform": "shopify", "currency": "DKK", "name": "Nordlys", "installed_at": NOON}
    shop = Shop(domain=domain, **facts | changes)
    session.add(shop)
    session.flush()
    return shop
