"""Bad weather does what it says, and the same seed brings the same."""

from datetime import UTC, datetime, timedelta

import pytest

from demoshop.host.chaos import Chaos
from tests.demoshop.an_app import APP

LATER = datetime.now(UTC) + timedelta(days=1)


def hooks(client):
    return client.get("/demo/api/events").json["webhooks"]


def test_a_duplicate_has_the_id_of_the_original(installed, client, buy):
    installed.subscribe("ORDERS_CREATE")
    client.post("/demo/api/chaos", json={"duplicate": 100})

    buy()

    first, second = hooks(client)
    assert first["webhook_id"] == second["webhook_id"]


def test_what_is_dropped_is_never_sent(installed, machine, client, buy, network):
    network.post(f"{APP}/webhooks")
    installed.subscribe("ORDERS_CREATE")
    client.post("/demo/api/chaos", json={"drop": 100})

    buy()

    assert machine.sender.send_due(LATER) == 0
    assert hooks(client)[0]["state"] == "dropped"


def test_a_delay_holds_everything_back(installed, machine, client, buy, network):
    network.post(f"{APP}/webhooks")
    installed.subscribe("ORDERS_CREATE")
    client.post("/demo/api/chaos", json={"delay_seconds": 60})
    buy()

    soon = machine.sender.send_due(datetime.now(UTC) + timedelta(seconds=50))
    then = machine.sender.send_due(datetime.now(UTC) + timedelta(seconds=61))

    assert (soon, then) == (0, 1)


def test_shuffled_webhooks_overtake_each_other(installed, machine, client, buy, network):
    network.post(f"{APP}/webhooks")
    installed.subscribe("ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED")
    client.post("/demo/api/chaos", json={"reorder": 100, "seed": 3})
    buy()

    machine.sender.send_due(LATER)

    arrived = [call.request.headers["X-Shopify-Topic"] for call in network.calls]
    assert len(arrived) == 3
    assert arrived != ["orders/create", "orders/paid", "orders/updated"]


def test_the_same_seed_gives_the_same_weather(installed, client, buy):
    installed.subscribe("ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED")

    def weather():
        client.post("/demo/api/chaos", json={"drop": 50, "seed": 7})
        for _ in range(4):
            buy()
        return [hook["state"] for hook in hooks(client)[:12]]

    first = weather()

    assert weather() == first
    assert "dropped" in first


def test_the_api_can_be_made_to_fail(installed, client):
    client.post("/demo/api/chaos", json={"api_errors": 100})

    assert installed.call("{ shop { name } }").status_code == 500


@pytest.mark.parametrize("wish", [{"drop": 101}, {"duplicate": -1}, {"delay_seconds": 4000}])
def test_impossible_weather_is_refused(client, wish):
    assert client.post("/demo/api/chaos", json=wish).status_code == 400


def test_nothing_happens_on_a_calm_day():
    calm = Chaos()

    assert not any(calm.strikes("drop", calm.drop, str(number)) for number in range(100))
    assert calm.wait_seconds("1") == 0
