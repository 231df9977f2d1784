"""The web as it is served, on each kind of database, at noon of the day on which tests happen."""

from pathlib import Path

import pytest
import time_machine

from app.config import Settings
from app.web import create_app
from tests.builders import published, settled
from tests.databases import NOON, a_shop
from tests.web.signing import SECRET, SHOP


def some_settings(**changes):
    """An installation that speaks with Shopify over https."""
    facts = {
        "environment": "demo",
        "instance": Path("/nowhere"),
        "database_url": "sqlite://",
        "public_url": "https://app.stamkunde.example",
        "shopify_client_id": "client-1",
        "shopify_client_secret": SECRET,
        "shopify_old_client_secret": None,
        "shopify_origin": "https://{shop}",
        "shopify_script_tags": False,
        "seal_keys": ("p9Yw6WlLJ8wJ0ZVZk4FqvY0ZqTLvVnGg5F9c6sZ3p5A=",),
        "hash_key": "a key for the hash",
        "session_key": "a key for the session",
        "trusted_proxies": 0,
        "log_level": "INFO",
        "log_json": True,
        "most_body_bytes": 64 * 1024,
    }
    return Settings(**facts | changes)


@pytest.fixture
def noon():
    """Time stands still, so that what was signed at noon is fresh."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def web(database, noon):
    """The web on a database with no shop in it yet."""
    return create_app(some_settings(), database)


@pytest.fixture
def client(web):
    """A browser or a platform that asks over https."""
    client = web.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = "app.stamkunde.example"
    return client


@pytest.fixture
def install(database):
    """Have a shop installed, with a program and what some orders earned."""

    def install(domain=SHOP, *orders, program=None, **changes):
        with database.transaction() as session:
            shop = published(session, a_shop(session, domain, **changes), program)
            settled(session, shop, *orders)
        return shop

    return install
