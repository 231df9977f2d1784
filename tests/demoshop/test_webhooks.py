"""Webhooks: signed, in order, tried again under the same id, given up on in the end."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import requests
import responses

from demoshop.host.sender import RETRIES, RETRY_WINDOW, Sender, wait_before
from demoshop.host.signatures import body_hmac
from tests.demoshop.an_app import APP, SCOPES, SECRET

HOOKS = f"{APP}/webhooks"
LATER = datetime.now(UTC) + timedelta(days=1)


def sent(network):
    return [call.request for call in network.calls]


def topics(network):
    return [request.headers["X-Shopify-Topic"] for request in sent(network)]


@pytest.fixture
def listening(installed):
    """The app, subscribed to everything about orders."""
    installed.subscribe(
        "ORDERS_CREATE",
        "ORDERS_PAID",
        "ORDERS_UPDATED",
        "ORDERS_CANCELLED",
        "ORDERS_FULFILLED",
        "REFUNDS_CREATE",
    )
    return installed


def test_a_purchase_is_told_in_the_order_it_happened(listening, machine, buy, network):
    network.post(HOOKS)
    buy()

    machine.sender.send_due(LATER)

    assert topics(network) == ["orders/create", "orders/paid", "orders/updated"]


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        pytest.param("pay", ["orders/paid", "orders/updated"], id="paid later"),
        pytest.param("fulfill", ["orders/fulfilled", "orders/updated"], id="sent"),
        pytest.param(
            "cancel", ["refunds/create", "orders/cancelled", "orders/updated"], id="canceled"
        ),
    ],
)
def test_a_change_is_told(listening, machine, client, buy, network, deed, told):
    network.post(HOOKS)
    order = buy(payment="pending")
    machine.sender.send_due(LATER)
    network.calls.reset()

    client.post(f"/demo/api/orders/{order['id']}/{deed}")
    machine.sender.send_due(LATER)

    assert topics(network) == told


def test_a_webhook_carries_every_header_and_its_own_signature(listening, machine, buy, network):
    network.post(HOOKS)
    buy()

    machine.sender.send_due(LATER)

    first, second, _ = sent(network)
    assert first.headers["X-Shopify-Hmac-Sha256"] == body_hmac(SECRET, first.body)
    assert first.headers["X-Shopify-Shop-Domain"] == "nordlys.myshopify.com"
    assert first.headers["X-Shopify-API-Version"] == "2026-10"
    assert datetime.fromisoformat(first.headers["X-Shopify-Triggered-At"].replace("Z", "+00:00"))
    assert first.headers["X-Shopify-Event-Id"] == second.headers["X-Shopify-Event-Id"]
    assert first.headers["X-Shopify-Webhook-Id"] != second.headers["X-Shopify-Webhook-Id"]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"status": 500}, id="an error"),
        pytest.param({"status": 302, "headers": {"Location": "/"}}, id="a redirect"),
        pytest.param({"body": requests.ConnectionError()}, id="nobody there"),
        pytest.param({"body": requests.ReadTimeout()}, id="too slow"),
    ],
)
def test_a_failure_is_tried_again_under_the_same_id(listening, machine, buy, network, trouble):
    network.add(responses.POST, HOOKS, **trouble)
    buy(payment="pending")
    machine.sender.send_due(LATER)
    network.replace(responses.POST, HOOKS, status=200)

    machine.sender.send_due(LATER + timedelta(hours=5))

    ids = [request.headers["X-Shopify-Webhook-Id"] for request in sent(network)]
    bodies = [request.body for request in sent(network)]
    assert (ids[:2], bodies[:2]) == (ids[2:], bodies[2:])


def test_a_retry_waits_for_its_time(listening, machine, buy, network):
    network.post(HOOKS, status=500)
    buy(payment="pending")
    machine.sender.send_due(LATER)

    at_once = machine.sender.send_due(LATER)
    in_time = machine.sender.send_due(LATER + wait_before(1, machine.settings.clock))

    assert (at_once, in_time) == (0, 2)


def test_eight_retries_fill_four_hours_on_a_slow_clock():
    waits = [wait_before(number, clock=1).total_seconds() for number in range(1, RETRIES + 1)]

    assert sum(waits) == pytest.approx(RETRY_WINDOW.total_seconds(), abs=1)
    assert [after / before for before, after in pairwise(waits)] == pytest.approx([2] * 7)


def test_a_subscription_that_never_answers_is_deleted(listening, machine, client, buy, network):
    network.post(HOOKS, status=500)
    buy(payment="pending")

    for number in range(RETRIES + 1):
        machine.sender.send_due(LATER + timedelta(hours=5 * number))

    state = client.get("/demo/api/state?light=0").json
    assert state["webhooks"]["failed"] == 2
    kept = {row["topic"] for row in state["subscriptions"]}
    assert not kept & {"orders/create", "orders/updated"}
    assert "orders/paid" in kept, "it was never tried"


def test_a_subscription_that_answered_meanwhile_stays(listening, machine, client, buy, network):
    network.post(HOOKS, status=500)
    buy(payment="pending")
    for number in range(RETRIES):
        machine.sender.send_due(LATER + timedelta(hours=5 * number))
    client.post("/demo/api/webhooks/due")
    network.replace(responses.POST, HOOKS, status=200)
    buy(payment="pending")
    machine.sender.send_due(LATER + timedelta(hours=50))

    state = client.get("/demo/api/state?light=0").json
    assert "orders/create" in [row["topic"] for row in state["subscriptions"]]


def test_nothing_is_lost_when_the_shop_restarts(listening, machine, buy, network):
    network.post(HOOKS)
    buy()

    restarted = Sender(machine.settings, machine.database)

    assert restarted.send_due(LATER) == 3
    assert restarted.send_due(LATER) == 0


def test_a_webhook_can_be_sent_again_as_it_was(listening, machine, client, buy, network):
    network.post(HOOKS)
    order = buy()
    machine.sender.send_due(LATER)

    client.post("/demo/api/webhooks/redeliver", json={"order": order["id"]})
    machine.sender.send_due(LATER)

    ids = [request.headers["X-Shopify-Webhook-Id"] for request in sent(network)]
    assert len(ids) == 6
    assert ids[:3] == ids[3:]


def test_uninstalling_is_told_once_and_takes_the_subscriptions(listening, machine, client, network):
    network.post(HOOKS)
    listening.subscribe("APP_UNINSTALLED")

    client.post("/demo/api/uninstall")
    client.post("/demo/api/uninstall")
    machine.sender.send_due(LATER)

    state = client.get("/demo/api/state?light=0").json
    assert topics(network) == ["app/uninstalled", "shop/redact"]
    assert (state["installed"], state["subscriptions"], state["script_tags"]) == (False, [], [])


def test_the_shop_is_forgotten_two_days_later_on_the_fast_clock(
    listening, machine, client, network
):
    network.post(HOOKS)
    client.post("/demo/api/uninstall")

    machine.sender.send_due(datetime.now(UTC) + timedelta(minutes=1))
    early = topics(network)
    machine.sender.send_due(datetime.now(UTC) + timedelta(hours=48) / machine.settings.clock)

    assert early == ["app/uninstalled"]
    assert topics(network)[-1] == "shop/redact"


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
def test_privacy_topics_need_no_subscription(machine, client, buy, network, topic):
    network.post(HOOKS)
    order = buy()

    client.post("/demo/api/privacy", json={"persona": "astrid", "topic": topic})
    machine.sender.send_due(LATER)

    told = json.loads(sent(network)[0].body)
    named = told.get("orders_requested") or told.get("orders_to_redact")
    assert topics(network) == [topic]
    assert told["customer"]["id"] == 7100000001
    assert named == [order["id"]]


def test_an_order_is_told_in_the_platforms_shape(listening, machine, buy, network):
    network.post(HOOKS)
    listening.make_code("STAM-1")
    buy(codes=["STAM-1"], payment="pending")

    machine.sender.send_due(LATER)

    told = json.loads(sent(network)[0].body)
    line = told["line_items"][0]
    assert (told["subtotal_price"], told["total_price"]) == ("248.00", "297.00")
    assert (told["total_discounts"], told["taxes_included"]) == ("50.00", True)
    assert told["discount_codes"] == [{"code": "STAM-1", "amount": "50.00", "type": "fixed_amount"}]
    assert line["discount_allocations"][0]["amount"] == "50.00"
    assert line["discount_allocations"][0]["discount_application_index"] == 0
    assert line["price_set"]["shop_money"] == {"amount": "149.00", "currency_code": "DKK"}
    assert told["customer"]["email"] == "astrid@example.com"
    assert told["financial_status"] == "pending"


def test_an_order_that_was_sent_has_a_parcel(listening, machine, client, buy, network):
    network.post(HOOKS)
    order = buy()
    client.post(f"/demo/api/orders/{order['id']}/fulfill")
    machine.sender.send_due(LATER)

    bought, *_, changed = (json.loads(request.body) for request in sent(network))
    (parcel,) = changed["fulfillments"]
    assert bought["fulfillments"] == []
    assert parcel["status"] == "success"
    assert bought["created_at"] <= parcel["created_at"] <= changed["updated_at"]


def test_a_guest_has_no_customer(listening, machine, buy, network):
    network.post(HOOKS)
    buy(persona=None, email="someone@example.com")

    machine.sender.send_due(LATER)

    told = json.loads(sent(network)[0].body)
    assert (told["customer"], told["email"]) == (None, "someone@example.com")


def test_every_change_moves_the_orders_clock(listening, machine, client, buy, network):
    network.post(HOOKS)
    order = buy(payment="pending")
    client.post(f"/demo/api/orders/{order['id']}/pay")
    client.post(f"/demo/api/orders/{order['id']}/fulfill")
    machine.sender.send_due(LATER)

    moments = [json.loads(request.body)["updated_at"] for request in sent(network)]
    assert len(set(moments)) == 3
    assert moments == sorted(moments)


def test_an_app_that_is_back_in_time_need_not_forget(installed, machine, client, network):
    network.post(HOOKS)
    client.post("/demo/api/uninstall")
    form = {
        "client_id": "the-app",
        "scope": SCOPES,
        "redirect_uri": f"{APP}/install/callback",
        "decision": "install",
    }
    installed.come_back(client.post("/admin/oauth/authorize", data=form).location)

    machine.sender.send_due(datetime.now(UTC) + timedelta(hours=48))

    assert topics(network) == ["app/uninstalled"]


def test_a_new_regular_is_told_and_can_log_in(installed, machine, client, network):
    network.post(HOOKS)
    installed.subscribe("CUSTOMERS_CREATE")

    made = client.post("/demo/api/customers", json={"first_name": "Dagmar"}).json
    machine.sender.send_due(LATER)

    assert topics(network) == ["customers/create"]
    assert json.loads(sent(network)[0].body)["id"] == made["id"]
    assert client.post("/login", data={"persona": made["handle"]}).location == "/account"
