"""Orders and customers read from Shopify: all of them, whole, and the same as they were sent."""

from datetime import UTC, datetime

import pytest

from app.domain.errors import NotUnderstood
from app.domain.events import CustomerChanged
from app.domain.order import newest
from app.platforms.base import PlatformError
from app.platforms.shopify.translate_order import order_in
from tests.platforms.shopify import bodies, nodes
from tests.platforms.shopify.conftest import NOON, fingerprint
from tests.platforms.shopify.test_failures import an_error

PAIRS = {
    "plain": (bodies.an_order(), nodes.an_order()),
    "guest without an address": (
        bodies.an_order(customer=None, email="", contact_email=None),
        nodes.an_order(customer=None, email=None),
    ),
    "known by the customer's address": (
        bodies.an_order(email=None, contact_email=None),
        nodes.an_order(email=None),
    ),
    "discounted by code and without, tax on top": (
        bodies.an_order(
            taxes_included=False,
            discount_codes=[{"code": "stam-1", "amount": "15.00", "type": "fixed_amount"}],
            discount_applications=[
                {"type": "automatic", "title": "Autumn"},
                {"type": "discount_code", "code": "stam-1"},
            ],
            line_items=[
                bodies.a_line(
                    quantity=2,
                    tax_lines=[bodies.a_tax("24.00")],
                    discount_allocations=[
                        bodies.an_allocation("10.00", 0),
                        bodies.an_allocation("15.00", 1),
                    ],
                )
            ],
        ),
        nodes.an_order(
            taxesIncluded=False,
            discountCodes=["stam-1"],
            lineItems=nodes.connection(
                nodes.a_line(
                    quantity=2,
                    discountAllocations=[
                        nodes.an_allocation("10.0"),
                        nodes.an_allocation("15.0", "stam-1"),
                    ],
                )
            ),
        ),
    ),
    "free shipping by code": (
        bodies.an_order(
            discount_codes=[{"code": "STAM-2"}],
            discount_applications=[{"type": "discount_code", "code": "STAM-2"}],
            shipping_lines=[
                bodies.a_shipping_line(
                    tax_lines=[bodies.a_tax("7.80")],
                    discount_allocations=[bodies.an_allocation("39.00", 0)],
                )
            ],
        ),
        nodes.an_order(
            discountCodes=["STAM-2"],
            shippingLines={
                "nodes": [
                    {
                        "originalPriceSet": nodes.money("39.0"),
                        "discountAllocations": [nodes.an_allocation("39.0", "STAM-2")],
                        "taxLines": [{"priceSet": nodes.money("7.8")}],
                    }
                ]
            },
        ),
    ),
    "partly refunded and with a tip": (
        bodies.an_order(
            financial_status="partially_refunded",
            total_tip_received="15.00",
            line_items=[
                bodies.a_line(quantity=3, current_quantity=2, tax_lines=[bodies.a_tax("24.00")]),
                bodies.a_tip("15.00"),
            ],
            refunds=[bodies.a_refund(order_adjustments=[bodies.an_adjustment("-20.00")])],
        ),
        nodes.an_order(
            displayFinancialStatus="PARTIALLY_REFUNDED",
            totalTipReceivedSet=nodes.money("15.0"),
            lineItems=nodes.connection(
                nodes.a_line(quantity=3, currentQuantity=2),
                nodes.a_line(
                    "15.0",
                    id="gid://shopify/LineItem/5003",
                    product=None,
                    taxable=False,
                    requiresShipping=False,
                    taxLines=[],
                ),
            ),
            refunds=[nodes.a_refund(orderAdjustments={"nodes": [nodes.an_adjustment("-20.0")]})],
        ),
    ),
    "shipping given back": (
        bodies.an_order(
            refunds=[
                bodies.a_refund(
                    refund_line_items=[],
                    order_adjustments=[
                        bodies.an_adjustment("-39.00", kind="shipping_refund", reason="Shipping")
                    ],
                )
            ],
        ),
        nodes.an_order(
            refunds=[
                nodes.a_refund(
                    refundLineItems=nodes.connection(),
                    orderAdjustments={"nodes": [nodes.an_adjustment("-39.0", None)]},
                )
            ],
        ),
    ),
    "canceled, from the till, a test": (
        bodies.an_order(source_name="pos", test=True, cancelled_at="2026-11-21T10:00:00+01:00"),
        nodes.an_order(sourceName="pos", test=True, cancelledAt="2026-11-21T09:00:00Z"),
    ),
    "sent in two parcels": (
        bodies.an_order(
            fulfillment_status="fulfilled",
            fulfillments=[
                {"status": "success", "created_at": "2026-11-21T09:00:00+01:00"},
                {"status": "success", "created_at": "2026-11-21T10:00:00+01:00"},
            ],
        ),
        nodes.an_order(
            displayFulfillmentStatus="FULFILLED",
            fulfillments=[
                {"status": "SUCCESS", "createdAt": "2026-11-21T08:00:00Z"},
                {"status": "SUCCESS", "createdAt": "2026-11-21T09:00:00Z"},
            ],
        ),
    ),
}


@pytest.mark.parametrize(("sent", "read"), PAIRS.values(), ids=PAIRS.keys())
def test_an_order_says_the_same_when_it_is_read_as_when_it_is_sent(host, connection, sent, read):
    host.answers({"order": read})

    assert connection.order("1001") == order_in(sent, fingerprint)
    assert host.variables[0]["id"] == "gid://shopify/Order/1001"


LATE = "2026-12-18T09:00:00Z"


@pytest.mark.parametrize(
    ("transactions", "changes", "counts_at"),
    [
        pytest.param([nodes.a_payment(LATE)], {}, LATE, id="an invoice paid a month later"),
        pytest.param(
            [
                nodes.a_payment("2026-11-20T11:00:00Z", "AUTHORIZATION"),
                nodes.a_payment(LATE, "CAPTURE"),
            ],
            {},
            LATE,
            id="authorized, and captured later",
        ),
        pytest.param(
            [nodes.a_payment(LATE), nodes.a_payment("2026-11-25T11:00:00Z")],
            {},
            LATE,
            id="in two parts: the last one decides",
        ),
        pytest.param(
            [nodes.a_payment("2026-11-20T10:59:58Z")], {}, "2026-11-20T11:00:00Z", id="at once"
        ),
        pytest.param(
            [nodes.a_payment(LATE, status="FAILURE"), nodes.a_payment(LATE, "REFUND")],
            {},
            "2026-11-20T11:00:00Z",
            id="no money came in then",
        ),
        pytest.param([nodes.a_payment(None)], {}, "2026-11-20T11:00:00Z", id="nobody knows when"),
        pytest.param([], {}, "2026-11-20T11:00:00Z", id="no payment is told"),
        pytest.param(
            [nodes.a_payment(LATE)], {"createdAt": LATE}, "2026-11-20T11:00:00Z", id="imported"
        ),
        pytest.param(
            [nodes.a_payment(LATE)], {"displayFinancialStatus": "PENDING"}, None, id="unpaid"
        ),
    ],
)
def test_an_order_that_is_read_counts_from_when_its_money_came(
    host, connection, transactions, changes, counts_at
):
    host.answers({"order": nodes.an_order(transactions=transactions, **changes)})

    read = connection.order("1001")

    assert read.counts_at == (datetime.fromisoformat(counts_at) if counts_at else None)


def test_whether_an_order_was_told_or_read_first_it_counts_from_its_payment(host, connection):
    host.answers({"order": nodes.an_order(transactions=[nodes.a_payment(LATE)], updatedAt=LATE)})
    read = connection.order("1001")
    sent = order_in(bodies.an_order(updated_at="2026-12-18T09:00:07Z"), fingerprint)

    assert newest(read, sent).counts_at == newest(sent, read).counts_at == read.counts_at


def test_an_order_that_is_not_there_is_none(host, connection):
    host.answers({"order": None})

    assert connection.order("1001") is None


def test_an_order_is_read_to_its_last_line(host, connection):
    first = nodes.connection(nodes.a_line(), after="c1")
    second = nodes.connection(nodes.a_line(id="gid://shopify/LineItem/5009"))
    host.answers({"order": nodes.an_order(lineItems=first)})
    host.answers({"order": nodes.an_order(lineItems=second)})

    order = connection.order("1001")

    assert [line.line_id for line in order.lines] == ["5001", "5009"]
    assert [asked["linesAfter"] for asked in host.variables] == [None, "c1"]


def test_orders_are_walked_from_a_moment_on(host, connection):
    host.answers({"orders": nodes.connection(nodes.an_order(), after="c1")})
    host.answers({"orders": nodes.connection(nodes.an_order(id="gid://shopify/Order/1002"))})

    found = [order.order_id for order in connection.orders_since(NOON)]

    assert found == ["1001", "1002"]
    assert host.asked[0]["operationName"] == "Orders"
    assert host.variables[0]["query"] == "updated_at:>='2026-11-22T12:00:00Z'"
    assert [asked["after"] for asked in host.variables] == [None, "c1"]


def test_the_moment_is_said_in_utc(host, connection):
    host.answers({"orders": nodes.connection()})

    assert not list(connection.orders_since(datetime.fromisoformat("2026-11-22T13:00:00.9+01:00")))
    assert host.variables[0]["query"] == "updated_at:>='2026-11-22T12:00:00Z'"


@pytest.mark.parametrize(
    "too_much",
    [
        pytest.param({"lineItems": nodes.connection(nodes.a_line(), after="c1")}, id="more lines"),
        pytest.param({"refunds": [nodes.a_refund()] * 4}, id="more refunds"),
        pytest.param(
            {"refunds": [nodes.a_refund(refundLineItems=nodes.connection(after="c1"))]},
            id="more lines in a refund",
        ),
    ],
)
def test_an_order_too_large_for_its_page_is_read_by_itself(host, connection, too_much):
    host.answers({"orders": nodes.connection(nodes.an_order(**too_much))})
    host.answers({"order": nodes.an_order(name="#1001 in full")})

    found = list(connection.orders_since(NOON))

    assert [order.name for order in found] == ["#1001 in full"]


def test_a_page_that_is_too_costly_is_halved(host, connection):
    host.fails(json=an_error("MAX_COST_EXCEEDED"))
    host.answers({"orders": nodes.connection(nodes.an_order())})

    assert len(list(connection.orders_since(NOON))) == 1
    assert [asked["first"] for asked in host.variables] == [8, 4]


def test_one_order_that_is_too_costly_is_a_failure(host, connection):
    for _ in range(4):
        host.fails(json=an_error("MAX_COST_EXCEEDED"))

    with pytest.raises(PlatformError) as failure:
        list(connection.orders_since(NOON))

    assert failure.value.permanent


def test_a_page_that_leads_to_itself_is_the_last(host, connection):
    host.answers({"orders": nodes.connection(nodes.an_order(), after="c1")})
    host.answers({"orders": nodes.connection(nodes.an_order(), after="c1")})

    assert len(list(connection.orders_since(NOON))) == 2


def test_an_order_that_makes_no_sense_is_not_understood(host, connection):
    host.answers({"order": nodes.an_order(createdAt="yesterday")})

    with pytest.raises(NotUnderstood):
        connection.order("1001")


def test_an_order_that_makes_no_sense_does_not_hide_those_behind_it(host, connection):
    later = nodes.an_order(id="gid://shopify/Order/1002")
    host.answers({"orders": nodes.connection(nodes.an_order(createdAt="yesterday"), later)})
    walk = connection.orders_since(NOON)

    assert next(walk).order_id == "1002"
    with pytest.raises(NotUnderstood, match="1 orders cannot be read: 1001: 'created_at'"):
        next(walk)


@pytest.mark.parametrize("missing", ["lineItems", "shippingLines"])
def test_an_order_that_was_garbled_is_asked_for_again(host, connection, missing):
    host.answers({"order": nodes.an_order(**{missing: None})})

    with pytest.raises(PlatformError) as failure:
        connection.order("1001")

    assert not failure.value.permanent


def test_customers_are_walked_from_a_moment_on(host, connection):
    host.answers(
        {
            "customers": nodes.connection(
                nodes.a_customer(7, " Signe@Example.com"), nodes.a_customer(8)
            )
        }
    )

    found = list(connection.customers_since(datetime(2026, 11, 22, 12, tzinfo=UTC)))

    changed = datetime(2026, 11, 20, 11, 0, 5, tzinfo=UTC)
    assert found == [
        (CustomerChanged("7", fingerprint("signe@example.com")), changed),
        (CustomerChanged("8", None), changed),
    ]
