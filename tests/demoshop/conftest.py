"""A demo shop in memory of its own, an app that is only an address, and what both can do."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
import responses
from flask import Flask
from flask.testing import FlaskClient

from demoshop.config import Settings
from demoshop.machine import Machine
from demoshop.web import create_app
from tests.demoshop.an_app import APP, SCOPES, SECRET, AnApp


@pytest.fixture
def app(tmp_path) -> Iterator[Flask]:
    """The shop as a Flask application; nothing sends its webhooks but the test."""
    settings = Settings(
        data=tmp_path / "shop.sqlite3", app_url=APP, client_id="the-app", client_secret=SECRET
    )
    shop = create_app(settings)
    yield shop
    shop.extensions["machine"].close()


@pytest.fixture
def machine(app) -> Machine:
    """What runs behind the pages."""
    return app.extensions["machine"]


@pytest.fixture
def client(app) -> FlaskClient:
    """A browser."""
    return app.test_client()


@pytest.fixture
def network() -> Iterator[responses.RequestsMock]:
    """Whatever the shop asks of the app; a test says what is answered."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def installed(client) -> AnApp:
    """The app, installed as a merchant would install it."""
    wanted = {
        "client_id": "the-app",
        "scope": SCOPES,
        "redirect_uri": f"{APP}/install/callback",
        "state": "a1b2c3",
    }
    page = client.get("/admin/oauth/authorize", query_string=wanted).get_data(as_text=True)
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    form = {name: unescape(value) for name, value in form.items()} | {"decision": "install"}
    back = client.post("/admin/oauth/authorize", data=form).location
    return AnApp(client, back)


@pytest.fixture
def buy(client) -> Callable[..., dict[str, Any]]:
    """Buy something: two Fjord cups for Astrid unless told otherwise."""

    def place(**changes: Any) -> dict[str, Any]:
        wish: dict[str, Any] = {
            "persona": "astrid",
            "lines": [{"product": "fjord-cup", "quantity": 2}],
        }
        answer = client.post("/demo/api/orders", json=wish | changes)
        assert answer.status_code == 201, answer.json
        return answer.json

    return place


@pytest.fixture
def astrid(client: FlaskClient) -> FlaskClient:
    """Astrid's browser."""
    client.post("/login", data={"persona": "astrid"})
    return client


@pytest.fixture
def review_key(client: FlaskClient) -> None:
    """Give the review app a key to Stamkunde."""
    client.post("/admin/reviews/key", data={"key": " stamkunde_1_K7Q2M9XABC_hush \n"})
