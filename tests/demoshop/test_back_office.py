"""The back office, as a merchant clicks through it."""

import pytest

PATHS = [
    "/admin/orders",
    "/admin/orders/1001",
    "/admin/customers",
    "/admin/reviews",
    "/admin/discounts",
    "/admin/apps",
    "/admin/themes/current/editor?context=apps&activateAppId=the-app/widget",
    "/admin/events",
    "/admin/events/1",
    "/admin/weather",
]


def words(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_in_a_busy_shop(installed, client, buy, path):
    installed.subscribe("ORDERS_CREATE")
    installed.make_code("STAM-1", endsAt="2099-01-01T00:00:00Z")
    order = buy(codes=["STAM-1"])
    client.post(f"/demo/api/orders/{order['id']}/refunds", json={"rest": True})

    assert "</html>" in words(client, path)


@pytest.mark.parametrize(
    "path",
    ["/admin/orders", "/admin/discounts", "/admin/apps", "/admin/events", "/admin/reviews"],
)
def test_every_list_opens_in_an_empty_shop(client, path):
    assert "</html>" in words(client, path)


def test_lines_are_refunded_from_the_form(client, buy):
    line = buy()["lines"][0]["id"]

    client.post("/admin/orders/1001/refund", data={f"line-{line}": "1"})

    assert client.get("/demo/api/orders/1001").json["remaining_goods_minor"] == 149_00


@pytest.mark.parametrize(
    ("deed", "state"),
    [("pay", "paid"), ("cancel", "voided"), ("refund-rest", "pending"), ("fulfill", "pending")],
)
def test_every_button_of_an_order_does_its_deed(client, buy, deed, state):
    buy(payment="pending")

    client.post(f"/admin/orders/1001/{deed}")

    assert client.get("/demo/api/orders/1001").json["financial_status"] == state


def test_a_refusal_is_shown_and_changes_nothing(client, buy):
    buy()
    before = client.get("/demo/api/orders/1001").json

    client.post("/admin/orders/1001/pay")

    assert "Order #1001 is paid." in words(client, "/admin/orders/1001")
    assert client.get("/demo/api/orders/1001").json == before


def test_the_embed_a_link_points_at_is_marked(installed, client):
    page = words(client, "/admin/themes/current/editor?context=apps&activateAppId=the-app/widget")

    assert "switch pointed" in page


def test_opening_the_app_is_signed(client):
    location = client.get("/admin/apps/stamkunde").location

    assert location.startswith("http://127.0.0.1:8000/?host=")
    assert "hmac=" in location


def test_a_call_of_the_app_is_in_the_log(installed, client):
    installed.make_code("STAM-1")

    page = words(client, "/admin/events")

    assert "<code>Create</code>" in page
    assert "STAM-1" in page


def test_a_renamed_customer_is_told_to_the_app(installed, client):
    installed.subscribe("CUSTOMERS_UPDATE")

    client.post("/admin/customers/astrid", data={"first_name": "Asta"})

    events = client.get("/demo/api/events").json["webhooks"]
    assert events[0]["topic"] == "customers/update"
    assert '"first_name":"Asta"' in events[0]["body"]


def test_a_reset_forgets_orders_and_keeps_the_app(installed, client, buy):
    first = buy()["id"]

    client.post("/demo/api/reset")

    state = client.get("/demo/api/state?light=0").json
    assert (state["installed"], state["orders"]) == (True, [])
    again = buy()
    assert again["name"] == "#1001"
    assert again["id"] > first, "an id is never used twice"


def test_a_full_reset_forgets_the_app_too(installed, client):
    client.post("/demo/api/reset", json={"everything": True})

    assert client.get("/demo/api/state?light=0").json["installed"] is False


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("/demo/api/orders", {"lines": [{"product": "unicorn"}]}),
        ("/demo/api/orders", {"persona": "nobody", "lines": [{"product": "fjord-cup"}]}),
        ("/demo/api/orders/9999/pay", {}),
    ],
)
def test_what_is_not_there_is_404_with_a_code(client, path, wish):
    answer = client.post(path, json=wish)

    assert answer.status_code == 404
    assert answer.json["code"].startswith("unknown_")


@pytest.mark.parametrize(
    "wish",
    [
        {"lines": [{"product": "fjord-cup", "quantity": 0}]},
        {"lines": [{"product": "fjord-cup", "quantity": "many"}]},
        {"lines": "cups"},
    ],
)
def test_nonsense_is_400(client, wish):
    assert client.post("/demo/api/orders", json=wish).status_code == 400
