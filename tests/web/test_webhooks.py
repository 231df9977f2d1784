"""The inbox's door: what the platform signed is noted once, unread, and nothing else is."""

import hashlib
import json
from io import BytesIO

import pytest
from sqlalchemy import select

from app.db import Database
from app.models.delivery import Delivery, StrayDelivery
from app.models.queue import State
from app.models.shop import ShopState
from app.web import create_app
from tests.databases import NOON
from tests.web.conftest import some_settings
from tests.web.signing import OTHER_SHOP, SHOP, delivered, delivery_headers


def noted(database, shop):
    """The deliveries of a shop."""
    with database.reading() as session:
        return list(session.scalars(select(Delivery).where(Delivery.shop_id == shop.id)))


def strangers(database):
    """The deliveries for shops that we do not know."""
    with database.reading() as session:
        return list(session.scalars(select(StrayDelivery)))


def test_a_signed_delivery_is_noted_and_sealed(client, database, install, vault):
    shop = install()

    answer = delivered(client, {"id": 1001})

    [delivery] = noted(database, shop)
    assert (answer.status_code, answer.data) == (200, b"")
    assert (delivery.id, delivery.topic, delivery.state) == (
        "delivery-1",
        "orders/paid",
        State.WAITING,
    )
    assert (delivery.received_at, delivery.triggered_at) == (NOON, NOON)
    assert vault.open(delivery.body_sealed) == b'{"id": 1001}'


def test_a_retry_is_noted_once(client, database, install):
    shop = install()

    answers = [delivered(client, {"id": 1001}).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert len(noted(database, shop)) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"X-Shopify-Hmac-Sha256": ""}, id="no signature"),
        pytest.param({"X-Shopify-Hmac-Sha256": "bm90IHRoaXM="}, id="a wrong one"),
        pytest.param({"X-Shopify-Hmac-Sha256": "ø" * 44}, id="one that is no base64"),
        pytest.param(delivery_headers(b"{}", secret="guess"), id="of another secret"),
        pytest.param(delivery_headers(b"{} "), id="of another body"),
        pytest.param({"X-Shopify-Shop-Domain": "nordlys.example.com"}, id="not of a shop"),
        pytest.param({"X-Shopify-Shop-Domain": ""}, id="of no shop"),
        pytest.param({"X-Shopify-Topic": ""}, id="of no topic"),
    ],
)
def test_what_is_not_signed_is_refused_and_not_stored(client, database, install, spoil):
    shop = install()

    answer = client.post("/webhooks", data=b"{}", headers=delivery_headers(b"{}") | spoil)

    assert answer.status_code == 401
    assert answer.json["code"] == "not_signed"
    assert answer.json["message"].endswith(".")
    assert noted(database, shop) == []
    assert strangers(database) == []


def test_a_body_that_is_too_large_is_refused_and_not_stored(client, database, install):
    shop = install()

    answer = delivered(client, b"x" * (64 * 1024 + 1))

    assert answer.status_code == 413
    assert answer.json["code"] == "too_large"
    assert noted(database, shop) == []


def test_a_body_in_pieces_cannot_be_too_large_either(client, database, install):
    shop = install()
    body = b"x" * (64 * 1024 + 1)
    # As gunicorn passes on a body whose length nobody announced.
    chunked = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}

    answer = client.post("/webhooks", headers=delivery_headers(body), environ_overrides=chunked)

    assert answer.status_code == 413
    assert noted(database, shop) == []


def test_what_cannot_be_understood_is_noted_all_the_same(client, database, install):
    shop = install()

    answer = delivered(client, b"\xff not json", topic="orders/ghost")

    assert answer.status_code == 200
    assert [delivery.topic for delivery in noted(database, shop)] == ["orders/ghost"]


@pytest.mark.parametrize("topic", ["orders/paid", "customers/redact", "shop/redact"])
def test_a_delivery_for_an_unknown_shop_is_noted_without_its_body(client, database, topic):
    answer = delivered(client, {"customer": {"email": "eva@example.com"}}, topic=topic)

    [stranger] = strangers(database)
    assert answer.status_code == 200
    assert (stranger.shop_domain, stranger.topic) == (SHOP, topic)


@pytest.mark.parametrize("state", [ShopState.LEFT, ShopState.ERASED])
def test_a_shop_that_left_is_still_listened_to(client, database, install, state):
    shop = install(state=state)

    delivered(client, {"shop_id": 1}, topic="shop/redact")

    assert len(noted(database, shop)) == 1


def test_the_shop_is_the_one_that_the_platform_names(client, database, install):
    shop, other = install(), install(OTHER_SHOP)

    delivered(client, {"id": 1, "shop_domain": OTHER_SHOP})

    assert (len(noted(database, shop)), len(noted(database, other))) == (1, 0)


def test_two_shops_may_have_the_same_delivery_id(client, database, install):
    shop, other = install(), install(OTHER_SHOP)

    for domain in (SHOP, OTHER_SHOP):
        delivered(client, {"id": 1}, shop=domain)

    assert (len(noted(database, shop)), len(noted(database, other))) == (1, 1)


@pytest.mark.parametrize("key", ["", "x" * 101, "a\x00b", "æ" * 30])
def test_an_odd_id_is_replaced_by_one_that_repeats(client, database, install, key):
    shop = install()

    for _ in range(2):
        assert delivered(client, {"id": 1}, key=key).status_code == 200

    [delivery] = noted(database, shop)
    assert len(delivery.id) == len(hashlib.sha256().hexdigest())


def test_the_address_takes_nothing_but_posts(client):
    answer = client.get("/webhooks")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.json["code"] == "method_not_allowed"


def test_nothing_is_said_of_a_delivery_but_that_it_came(client, install):
    install()

    answer = delivered(client, {"id": 1})

    assert "Set-Cookie" not in answer.headers


def test_the_platform_tries_again_while_the_database_is_away(noon, tmp_path):
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    client = create_app(some_settings(), empty).test_client()

    answer = delivered(client, {"id": 1})

    empty.close()

    assert answer.status_code == 503
    assert answer.json["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) > 0


class Stumbling(Database):
    """A database on whose way something else of ours breaks, once."""

    broken = True

    def insertion(self, table):
        self.inbox = super().insertion(table)
        return self

    def insert(self, rows):
        if self.broken:
            raise ZeroDivisionError("with an internal detail")
        self.inbox.insert(rows)


def test_what_nobody_expected_is_logged_and_answered_and_the_platform_sends_again(
    database, install, noon, capsys
):
    shop = install()
    stumbling = Stumbling(database.url.render_as_string(hide_password=False))
    client = create_app(some_settings(), stumbling).test_client()

    broken = delivered(client, {"id": 1001})
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    stumbling.broken = False
    again = [delivered(client, {"id": 1001}).status_code for _twice in range(2)]
    stumbling.close()

    assert (broken.status_code, broken.json["code"]) == (500, "unexpected")
    assert "detail" not in broken.text
    assert "no-store" in broken.headers["Cache-Control"]
    assert [line["event"] for line in logged] == ["unexpected", "request"]
    assert "with an internal detail" in logged[0]["exception"]
    assert (logged[1]["delivery"], logged[1]["status"]) == ("delivery-1", 500)
    assert again == [200, 200]
    assert len(noted(database, shop)) == 1


def test_a_body_of_another_version_is_noted_and_an_operator_is_told(
    client, database, install, capsys
):
    shop = install()
    capsys.readouterr()

    for key, version in (("d1", "2026-10"), ("d2", "2027-01"), ("d3", "")):
        assert delivered(client, {"id": 1}, key=key, version=version).status_code == 200

    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    figures = client.get("/metrics").text
    assert len(noted(database, shop)) == 3
    assert [line.get("version") for line in logged] == [None, "2027-01", None]
    assert 'stamkunde_webhook_answers_total{outcome="accepted"} 2.0' in figures
    assert 'stamkunde_webhook_answers_total{outcome="accepted_other_version"} 1.0' in figures
