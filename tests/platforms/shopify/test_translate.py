"""Topics and the events they report."""

import pytest

from app.domain.errors import NotUnderstood
from app.domain.events import (
    CustomerChanged,
    CustomerDataRequested,
    CustomerErased,
    CustomersMerged,
    OrderChanged,
    OrderDeleted,
    OrderTouched,
    ShopChanged,
    ShopErased,
    ShopLeft,
)
from app.platforms.shopify.translate import known_topics
from tests.platforms.shopify.bodies import a_customer, an_order
from tests.platforms.shopify.conftest import fingerprint

SIGNE = fingerprint("signe@example.com")
MERGE = {
    "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7",
    "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/8",
    "admin_graphql_api_job_id": None,
    "status": "completed",
    "errors": [],
}
SHOP = {"id": 1, "name": "Nordlys", "currency": "DKK", "iana_timezone": "Europe/Copenhagen"}
PERSON = {"shop_id": 1, "shop_domain": "nordlys.myshopify.com", "customer": a_customer()}


@pytest.mark.parametrize(
    "topic",
    [
        "orders/create",
        "orders/updated",
        "orders/paid",
        "orders/cancelled",
        "orders/fulfilled",
        "orders/partially_fulfilled",
    ],
)
def test_topics_that_carry_an_order_report_it(platform, topic):
    [event] = platform.events_in(topic, an_order(), fingerprint)

    assert isinstance(event, OrderChanged)
    assert event.order.order_id == "1001"


@pytest.mark.parametrize(
    ("topic", "payload", "event"),
    [
        ("orders/edited", {"order_edit": {"id": 1, "order_id": 1001}}, OrderTouched("1001")),
        ("order_transactions/create", {"id": 1, "order_id": 1001}, OrderTouched("1001")),
        ("orders/delete", {"id": 1001}, OrderDeleted("1001")),
        ("customers/create", a_customer(), CustomerChanged("7", SIGNE)),
        ("customers/update", a_customer(email=None), CustomerChanged("7", None)),
        ("customers/enable", a_customer(), CustomerChanged("7", SIGNE)),
        ("customers/disable", a_customer(), CustomerChanged("7", SIGNE)),
        ("customers/delete", {"id": 7, "tax_exemptions": []}, CustomerErased("7", None)),
        ("customers/merge", MERGE, CustomersMerged("7", "8")),
        ("customers/data_request", PERSON, CustomerDataRequested("7", SIGNE)),
        ("customers/redact", PERSON, CustomerErased("7", SIGNE)),
        (
            "customers/redact",
            PERSON | {"customer": {"email": "Signe@Example.com"}},
            CustomerErased(None, SIGNE),
        ),
        ("shop/update", SHOP, ShopChanged("Nordlys", "DKK", "Europe/Copenhagen")),
        ("app/uninstalled", SHOP, ShopLeft()),
        ("shop/redact", {"shop_id": 1}, ShopErased()),
    ],
)
def test_a_topic_reports_an_event(platform, topic, payload, event):
    assert platform.events_in(topic, payload, fingerprint) == [event]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        pytest.param("discounts/create", {"title": "Autumn"}, id="discounts"),
        pytest.param("app/scopes_update", {}, id="scopes"),
        pytest.param("customer.tags_added", {"customerId": "gid://x"}, id="tags"),
        pytest.param("customers/purchasing_summary", {"numberOfOrders": 1}, id="a summary"),
        pytest.param("products/update", ["anything"], id="not even a record"),
        pytest.param("customers/merge", MERGE | {"status": "failed"}, id="a merge that failed"),
        pytest.param("customers/merge", MERGE | {"status": "requested"}, id="a merge to come"),
        pytest.param("customers/redact", {"customer": {"phone": "+45"}}, id="only a telephone"),
        pytest.param("customers/redact", {"customer": None}, id="nobody"),
        pytest.param("customers/data_request", {}, id="nobody asks"),
    ],
)
def test_what_does_not_concern_loyalty_is_no_event(platform, topic, payload):
    assert platform.events_in(topic, payload, fingerprint) == []


def test_a_merge_with_oneself_moves_nobody(platform):
    same = MERGE | {"admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/7"}

    assert platform.events_in("customers/merge", same, fingerprint) == []


def test_a_clock_that_is_not_told_is_empty(platform):
    [event] = platform.events_in("shop/update", SHOP | {"iana_timezone": None}, fingerprint)

    assert event == ShopChanged("Nordlys", "DKK", "")


@pytest.mark.parametrize("topic", sorted(known_topics()))
@pytest.mark.parametrize("body", [None, [], "text", 7, True])
def test_a_body_that_is_no_record_is_not_understood(platform, topic, body):
    with pytest.raises(NotUnderstood):
        platform.events_in(topic, body, fingerprint)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("orders/edited", {}),
        ("orders/edited", {"order_edit": {"id": 1}}),
        ("orders/delete", {}),
        ("customers/create", {"email": "signe@example.com"}),
        ("customers/merge", {"status": "completed"}),
        ("customers/redact", {"customer": [7]}),
        ("shop/update", {"id": 1}),
    ],
)
def test_a_body_that_lacks_what_matters_is_not_understood(platform, topic, payload):
    with pytest.raises(NotUnderstood):
        platform.events_in(topic, payload, fingerprint)
