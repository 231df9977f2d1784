"""Refunds: whatever the pieces, together they are exactly what was paid."""

import json
from itertools import permutations

import pytest


def refund(client, order, **wish):
    return client.post(f"/demo/api/orders/{order['id']}/refunds", json=wish)


def body_of(client, topic):
    events = client.get("/demo/api/events").json["webhooks"]
    return json.loads(next(event["body"] for event in events if event["topic"] == topic))


@pytest.mark.parametrize("pieces", sorted(set(permutations([1, 2, 4]))))
def test_however_a_line_is_split_its_parts_add_up(installed, client, buy, pieces):
    installed.make_code("STAM-1")
    order = buy(lines=[{"product": "tide-plate", "quantity": 7}], codes=["STAM-1"])
    line = order["lines"][0]["id"]

    for piece in pieces:
        order = refund(client, order, lines=[{"line": line, "quantity": piece}]).json

    parts = [part["goods_minor"] for part in order["refunds"]]
    assert sum(parts) == order["goods_minor"]
    assert order["remaining_goods_minor"] == 0


def test_the_last_part_takes_the_remainder(installed, client, buy):
    installed.make_code("STAM-1")
    order = buy(lines=[{"product": "fjord-cup", "quantity": 3}], codes=["STAM-1"])
    line = order["lines"][0]["id"]

    for _ in range(3):
        order = refund(client, order, lines=[{"line": line, "quantity": 1}]).json

    assert [part["goods_minor"] for part in order["refunds"]] == [13233, 13234, 13233]


def test_shipping_comes_back_with_the_rest(client, buy):
    order = buy()

    order = refund(client, order, rest=True).json

    assert order["refunds"][0]["shipping_minor"] == 49_00
    assert order["financial_status"] == "refunded"


def test_goods_without_shipping_are_a_partial_refund(client, buy):
    order = buy()
    line = order["lines"][0]["id"]

    order = refund(client, order, lines=[{"line": line, "quantity": 2}]).json

    assert order["financial_status"] == "partially_refunded"
    assert order["remaining_goods_minor"] == 0


def test_a_refund_of_nothing_says_what_is_missing(client, buy):
    order = buy()

    answer = refund(client, order, lines=[])

    assert answer.json["code"] == "nothing_chosen"


def test_nothing_comes_back_twice(client, buy):
    order = buy()
    line = order["lines"][0]["id"]
    refund(client, order, rest=True)

    assert refund(client, order, rest=True).json["code"] == "nothing_left"
    again = refund(client, order, lines=[{"line": line, "quantity": 1}])
    assert (again.status_code, again.json["code"]) == (409, "too_many")


def test_canceling_a_paid_order_refunds_what_is_left(client, buy):
    order = buy(lines=[{"product": "fjord-cup", "quantity": 3}])
    refund(client, order, lines=[{"line": order["lines"][0]["id"], "quantity": 1}])

    order = client.post(f"/demo/api/orders/{order['id']}/cancel").json

    assert order["financial_status"] == "refunded"
    assert order["refunded_goods_minor"] == order["goods_minor"]
    assert order["remaining_goods_minor"] == 0


def test_canceling_an_unpaid_order_moves_no_money(installed, client, buy):
    installed.subscribe("REFUNDS_CREATE")
    order = buy(payment="pending")

    order = client.post(f"/demo/api/orders/{order['id']}/cancel").json

    told = body_of(client, "refunds/create")
    assert order["financial_status"] == "voided"
    assert told["transactions"] == []
    assert [line["quantity"] for line in told["refund_line_items"]] == [2]


def test_the_money_of_a_refund_is_its_lines_less_its_adjustments(installed, client, buy):
    installed.subscribe("REFUNDS_CREATE")
    refund(client, buy(), rest=True)

    told = body_of(client, "refunds/create")

    lines = sum(line["subtotal"] + line["total_tax"] for line in told["refund_line_items"])
    adjusted = sum(
        float(entry["amount"]) + float(entry["tax_amount"]) for entry in told["order_adjustments"]
    )
    paid_back = sum(float(entry["amount"]) for entry in told["transactions"])
    assert paid_back == pytest.approx(lines - adjusted)
    assert isinstance(told["refund_line_items"][0]["subtotal"], float), "a number, not a string"
