"""Discount codes: made once however often we ask, and dead when we say so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from app.domain.issued import Discount
from app.platforms.base import PlatformError
from tests.platforms.shopify.conftest import NOON

CODE = "STAM-8K2M-QX4P"
TAKEN = {
    "field": ["basicCodeDiscount", "code"],
    "code": "TAKEN",
    "message": "Code must be unique. Please try a different code.",
}
CREATED = {"codeDiscountNode": {"id": "gid://shopify/DiscountCodeNode/1"}, "userErrors": []}


def a_discount(**changes: Any) -> Discount:
    """50 kr. off for one customer."""
    facts: dict[str, Any] = {
        "code": CODE,
        "title": "50 kr. off",
        "currency": "DKK",
        "customer_id": "7",
        "off_minor": 50_00,
        "starts_at": NOON,
    }
    return Discount(**facts | changes)


def creation(*errors: dict, root: str = "discountCodeBasicCreate") -> dict:
    """The answer to a creation."""
    return {root: CREATED if not errors else {"codeDiscountNode": None, "userErrors": [*errors]}}


def found(**changes: Any) -> dict:
    """The answer to a look-up by code."""
    facts = {"status": "ACTIVE", "usageLimit": 1, "asyncUsageCount": 0, "endsAt": None}
    node = {"id": "gid://shopify/DiscountCodeNode/1", "codeDiscount": facts | changes}
    return {"codeDiscountNodeByCode": node}


NOT_FOUND = {"codeDiscountNodeByCode": None}
DEACTIVATED = {"discountCodeDeactivate": {"codeDiscountNode": {"id": "gid://1"}, "userErrors": []}}


def test_an_amount_off_is_one_order_for_one_customer(host, connection):
    host.answers(creation())

    connection.create_discount(a_discount())

    assert host.variables == [
        {
            "discount": {
                "title": "50 kr. off",
                "code": CODE,
                "startsAt": "2026-11-22T12:00:00Z",
                "endsAt": None,
                "context": {"customers": {"add": ["gid://shopify/Customer/7"]}},
                "usageLimit": 1,
                "appliesOncePerCustomer": True,
                "combinesWith": {
                    "orderDiscounts": False,
                    "productDiscounts": False,
                    "shippingDiscounts": False,
                },
                "customerGets": {
                    "items": {"all": True},
                    "value": {"discountAmount": {"amount": "50.00", "appliesOnEachItem": False}},
                },
            }
        }
    ]


def test_a_percentage_is_a_share_of_one(host, connection):
    host.answers(creation())

    connection.create_discount(a_discount(off_minor=0, off_percent=10))

    assert host.variables[0]["discount"]["customerGets"]["value"] == {"percentage": 0.1}


def test_free_shipping_goes_anywhere_and_never_joins_other_free_shipping(host, connection):
    host.answers(creation(root="discountCodeFreeShippingCreate"))

    connection.create_discount(a_discount(off_minor=0, free_shipping=True, combines=True))

    discount = host.variables[0]["discount"]
    assert discount["destination"] == {"all": True}
    assert discount["combinesWith"] == {
        "orderDiscounts": True,
        "productDiscounts": True,
        "shippingDiscounts": False,
    }


def test_a_code_can_be_for_everybody_with_a_minimum_and_an_end(host, connection):
    host.answers(creation())

    connection.create_discount(
        a_discount(
            customer_id=None,
            minimum_subtotal_minor=299_50,
            ends_at=NOON.astimezone(UTC) + timedelta(days=30),
            combines=True,
        )
    )

    discount = host.variables[0]["discount"]
    assert discount["context"] == {"all": "ALL"}
    assert discount["minimumRequirement"] == {
        "subtotal": {"greaterThanOrEqualToSubtotal": "299.50"}
    }
    assert discount["endsAt"] == "2026-12-22T12:00:00Z"
    assert set(discount["combinesWith"].values()) == {True}


def test_money_without_decimals_is_written_without(host, connection):
    host.answers(creation())

    connection.create_discount(a_discount(currency="ISK", off_minor=500))

    value = host.variables[0]["discount"]["customerGets"]["value"]
    assert value["discountAmount"]["amount"] == "500"


def test_a_code_that_exists_is_ours_from_an_earlier_try(host, connection):
    host.answers(creation(TAKEN))
    host.answers(found())

    connection.create_discount(a_discount())

    assert host.variables[1] == {"code": CODE}


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"body": requests.ReadTimeout()}, id="no answer in time"),
        pytest.param({"status": 502}, id="a broken gateway"),
        pytest.param({"body": '{"data":'}, id="half of an answer"),
    ],
)
def test_a_code_made_without_our_hearing_of_it_is_adopted(host, connection, how):
    host.fails(**how)
    host.answers(found())

    connection.create_discount(a_discount())

    assert len(host.asked) == 2


def test_a_code_that_was_not_made_after_all_is_tried_again_later(host, connection):
    host.fails(body=requests.ReadTimeout())
    host.answers(NOT_FOUND)

    with pytest.raises(PlatformError) as failure:
        connection.create_discount(a_discount())

    assert not failure.value.permanent


def test_a_doubt_that_cannot_be_settled_remains_one(host, connection):
    host.fails(body=requests.ReadTimeout())
    host.fails(status=403)

    with pytest.raises(PlatformError) as failure:
        connection.create_discount(a_discount())

    assert not failure.value.permanent


def test_a_throttled_creation_is_not_looked_for(host, connection):
    host.fails(status=429)

    with pytest.raises(PlatformError):
        connection.create_discount(a_discount())

    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        pytest.param(NOT_FOUND, False, id="not to be found yet"),
        pytest.param(found(usageLimit=None), True, id="made by the merchant"),
        pytest.param(found(status="EXPIRED"), True, id="switched off"),
    ],
)
def test_a_taken_code_that_is_not_ours_is_not_adopted(host, connection, answer, permanent):
    host.answers(creation(TAKEN))
    host.answers(answer)

    with pytest.raises(PlatformError) as failure:
        connection.create_discount(a_discount())

    assert failure.value.permanent is permanent


def test_a_code_that_was_used_meanwhile_exists(host, connection):
    host.answers(creation(TAKEN))
    host.answers(found(status="EXPIRED", asyncUsageCount=1))

    connection.create_discount(a_discount())


@pytest.mark.parametrize(
    ("code", "permanent"),
    [("INVALID", True), ("VALUE_OUTSIDE_RANGE", True), ("INTERNAL_ERROR", False)],
)
def test_a_refused_code_says_why(host, connection, code, permanent):
    host.answers(creation({"field": ["x"], "code": code, "message": "Ends too early."}))

    with pytest.raises(PlatformError, match=r"Ends too early\.") as failure:
        connection.create_discount(a_discount())

    assert failure.value.permanent is permanent


def test_a_code_is_switched_off(host, connection):
    host.answers(found())
    host.answers(DEACTIVATED)

    assert connection.kill_discount(CODE)
    assert host.variables == [{"code": CODE}, {"id": "gid://shopify/DiscountCodeNode/1"}]


def test_a_used_code_is_left_alone(host, connection):
    host.answers(found(asyncUsageCount=1))

    assert not connection.kill_discount(CODE)


@pytest.mark.parametrize("answer", [NOT_FOUND, found(status="EXPIRED")])
def test_a_code_that_works_nowhere_is_dead_already(host, connection, answer):
    host.answers(answer)

    assert connection.kill_discount(CODE)


def test_switching_off_twice_is_switching_off(host, connection):
    host.answers(found())
    host.answers(DEACTIVATED)
    host.answers(found(status="EXPIRED"))

    assert connection.kill_discount(CODE)
    assert connection.kill_discount(CODE)


def test_a_code_that_will_not_be_switched_off_is_a_failure(host, connection):
    error = {"field": ["id"], "code": "INVALID", "message": "Code discount does not exist."}
    host.answers(found())
    host.answers({"discountCodeDeactivate": {"codeDiscountNode": None, "userErrors": [error]}})

    with pytest.raises(PlatformError) as failure:
        connection.kill_discount(CODE)

    assert failure.value.permanent


def test_moments_are_written_in_utc(host, connection):
    host.answers(creation())
    in_copenhagen = datetime.fromisoformat("2026-11-22T13:00:00+01:00")

    connection.create_discount(a_discount(starts_at=in_copenhagen))

    assert host.variables[0]["discount"]["startsAt"] == "2026-11-22T12:00:00Z"
