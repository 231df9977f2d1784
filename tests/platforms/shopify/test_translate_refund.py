"""Refunds in webhooks: which pieces came back, and goods money beyond them."""

import pytest

from app.domain.errors import NotUnderstood
from app.domain.events import OrderRefunded
from app.platforms.shopify.translate import events_in
from tests.platforms.shopify.bodies import a_refund, a_refund_line, an_adjustment, both
from tests.platforms.shopify.conftest import fingerprint


def refunded(**changes):
    [event] = events_in("refunds/create", a_refund(**changes), fingerprint)
    assert isinstance(event, OrderRefunded)
    assert event.order_id == "1001"
    return event.refund


def test_a_refund_names_the_pieces_that_came_back():
    refund = refunded(
        refund_line_items=[
            a_refund_line(line_item_id=5002, quantity=2),
            a_refund_line(line_item_id=5001, quantity=1),
        ]
    )

    assert refund.refund_id == "9001"
    assert refund.lines == (("5001", 1), ("5002", 2))
    assert refund.extra_minor == 0


def test_a_line_that_comes_back_in_two_parts_is_one():
    halves = [a_refund_line(quantity=1), a_refund_line(id=9102, quantity=2)]

    assert refunded(refund_line_items=halves).lines == (("5001", 3),)


def test_no_pieces_are_no_lines():
    assert refunded(refund_line_items=[a_refund_line(quantity=0)]).lines == ()


@pytest.mark.parametrize(
    ("adjustments", "extra_minor"),
    [
        pytest.param([an_adjustment("-25.00")], 25_00, id="money without a line"),
        pytest.param(
            [an_adjustment("-20.00", tax_amount_set=both("-5.00"))], 25_00, id="with its tax"
        ),
        pytest.param([an_adjustment("-20.00"), an_adjustment("-5.00")], 25_00, id="twice"),
        pytest.param([an_adjustment("89.64")], 0, id="less than the lines"),
        pytest.param(
            [an_adjustment("89.64"), an_adjustment("-5.00")], 5_00, id="less here and more there"
        ),
        pytest.param([an_adjustment("-39.00", kind="shipping_refund")], 0, id="shipping"),
        pytest.param(
            [an_adjustment("-39.00", kind=None, reason="Shipping refund")], 0, id="shipping, unkind"
        ),
        pytest.param([an_adjustment("-7.00", kind=None)], 7_00, id="a kind that is gone"),
        pytest.param(
            [an_adjustment("-3.00", tax_amount=-1.25, tax_amount_set=None)], 4_25, id="a float"
        ),
    ],
)
def test_money_beyond_the_lines(adjustments, extra_minor):
    assert refunded(order_adjustments=adjustments).extra_minor == extra_minor


def test_the_shops_money_counts_in_a_refund():
    seen_in_dollars = an_adjustment(
        "-5.00",
        amount_set=both("-6.80", "CAD", presented=("-5.00", "USD")),
        tax_amount_set=both("0.00", "CAD"),
    )

    assert refunded(order_adjustments=[seen_in_dollars]).extra_minor == 6_80


def test_money_without_decimals_is_counted_without():
    adjustment = an_adjustment("-500", currency="JPY")

    assert refunded(order_adjustments=[adjustment]).extra_minor == 500


def test_shipping_that_is_given_back_is_not_goods():
    """The same sum stands in two places, and neither is goods."""
    refund = refunded(
        refund_line_items=[],
        order_adjustments=[an_adjustment("-39.00", kind="shipping_refund")],
        refund_shipping_lines=[{"id": 1, "subtotal_amount_set": both("39.00")}],
    )

    assert (refund.lines, refund.extra_minor) == ((), 0)


def test_a_refund_that_moved_no_money_still_returns_the_goods():
    """An order that was canceled before it was paid."""
    assert refunded(transactions=[]).lines == (("5001", 1),)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": None}, id="no id"),
        pytest.param({"order_id": None}, id="no order"),
        pytest.param({"refund_line_items": [a_refund_line(line_item_id=None)]}, id="no line"),
        pytest.param({"refund_line_items": [a_refund_line(quantity="1")]}, id="a text of pieces"),
        pytest.param({"order_adjustments": [an_adjustment("much")]}, id="no amount"),
        pytest.param(
            {"order_adjustments": [an_adjustment("-5.00", amount_set=None)]}, id="no currency"
        ),
    ],
)
def test_what_cannot_be_a_refund_is_not_understood(changes):
    with pytest.raises(NotUnderstood):
        events_in("refunds/create", a_refund(**changes), fingerprint)
