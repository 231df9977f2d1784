"""The databases the tests run on: SQLite and PostgreSQL, one after the other, freshly migrated.

A test that asks for `database` runs on both. Statements that touch a shop's tables without naming
the shop raise, but for the few that say they look at all shops.
"""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine import make_url

from app.db import Database
from app.models import Base
from app.models.shop import Shop
from app.vault import Vault
from tests.source import ROOT

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
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
    name = "stamkunde_template"
    with _on_server(postgres_server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    migrate(postgres_server.set(database=name).render_as_string(hide_password=False))
    return name


def _on_server(server):
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


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
    template = sql.Identifier(request.getfixturevalue("postgres_template"))
    name = sql.Identifier("stamkunde_of_one_test")
    with _on_server(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
    url = make_url(server).set(database="stamkunde_of_one_test")
    yield url.render_as_string(hide_password=False)
    with _on_server(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


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
