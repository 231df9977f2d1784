"""The light: green only when the app's books say what the shop's orders say."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import responses

from demoshop.host.installation import mark_installed
from demoshop.host.signatures import query_hmac
from tests.demoshop.an_app import APP, SECRET

AGREEMENT = f"{APP}/agreement"


@pytest.fixture
def light(client):
    """The light as the back office asks for it."""
    return lambda: client.get("/admin/light").json


def books(network, orders, **changes):
    told = {"verified": True, "waiting": 0} | changes
    told["orders"] = {
        str(key): {"remaining_minor": value, "points": 0, "state": "paid"}
        for key, value in orders.items()
    }
    network.upsert(responses.GET, AGREEMENT, json=told)


def test_it_is_grey_without_the_app(light):
    assert (light()["color"], light()["words"]) == ("grey", "The app is not installed.")


def test_it_is_green_when_all_agree(installed, buy, network, light):
    books(network, {buy()["id"]: 298_00})

    assert light()["color"] == "green"


def test_the_question_is_signed(installed, buy, network, light):
    books(network, {})
    light()

    told = dict(parse_qsl(urlsplit(network.calls[0].request.url).query))
    signature = told.pop("hmac")
    assert signature == query_hmac(SECRET, told)


@pytest.mark.parametrize(
    ("deed", "wish", "kept"),
    [
        pytest.param("refunds", {"rest": True}, 0, id="refunded"),
        pytest.param("cancel", {}, 0, id="canceled"),
        pytest.param("fulfill", {}, 298_00, id="sent"),
    ],
)
def test_what_remains_is_compared(installed, client, buy, network, light, deed, wish, kept):
    order = buy()["id"]
    client.post(f"/demo/api/orders/{order}/{deed}", json=wish)

    books(network, {order: kept})
    right = light()["color"]
    books(network, {order: kept + 1})
    wrong = light()

    assert (right, wrong["color"]) == ("green", "red")
    assert wrong["differing"] == [{"order": "#1001", "ours": kept, "theirs": kept + 1}]


def test_an_order_the_app_has_not_heard_of_is_red(installed, buy, network, light):
    buy()
    books(network, {})

    assert light()["color"] == "red"


def test_it_is_amber_while_webhooks_wait(installed, buy, network, light):
    installed.subscribe("ORDERS_CREATE")
    buy()
    books(network, {})

    assert light()["color"] == "amber"


def test_it_is_amber_while_the_app_works(installed, buy, network, light):
    buy()
    books(network, {}, waiting=3)

    assert light()["color"] == "amber"


def test_a_ledger_that_does_not_prove_itself_is_red(installed, buy, network, light):
    books(network, {buy()["id"]: 298_00}, verified=False)

    assert light()["color"] == "red"


def test_an_app_that_does_not_answer_is_grey(installed, network, light):
    network.add(responses.GET, AGREEMENT, body=requests.ConnectionError())

    assert light()["color"] == "grey"


def test_orders_from_before_the_app_are_not_held_against_it(machine, buy, network, light):
    buy()
    with machine.transaction() as session:
        mark_installed(session, "read_orders", at=datetime.now(UTC) + timedelta(seconds=5))
    books(network, {})

    assert (light()["color"], light()["compared"]) == ("green", 0)
