"""Balances at Shopify: kept in a field of ours, all of a call or none, and whoever is gone told."""

import pytest

from app.manifest.document import load_manifest
from app.platforms.base import PlatformError
from app.platforms.shopify import balances

WRITTEN = {"metafieldsSet": {"userErrors": []}}


def refused(*errors):
    return {"metafieldsSet": {"userErrors": list(errors)}}


def gone(place):
    return {"field": ["metafields", str(place), "ownerId"], "message": "Owner does not exist."}


def owners(host):
    return [[one["ownerId"][-1] for one in asked["metafields"]] for asked in host.variables]


def test_a_balance_stands_in_our_own_field_of_the_customer(host, connection):
    host.answers(WRITTEN)

    assert connection.keep_balances({"7": 120}) == frozenset()
    assert host.variables == [
        {
            "metafields": [
                {
                    "ownerId": "gid://shopify/Customer/7",
                    "namespace": "$app",
                    "key": "balance",
                    "type": "number_integer",
                    "value": "120",
                }
            ]
        }
    ]


def test_writing_twice_is_writing_the_same(host, connection):
    for _ in range(2):
        host.answers(WRITTEN)
        connection.keep_balances({"7": -5})

    assert host.variables[0] == host.variables[1]
    assert host.variables[0]["metafields"][0]["value"] == "-5"


def test_who_is_gone_is_told_and_the_others_are_written(host, connection):
    host.answers(refused(gone(0), gone(2)))
    host.answers(WRITTEN)

    assert connection.keep_balances({"7": 1, "8": 2, "9": 3}) == {"7", "9"}
    assert owners(host) == [["7", "8", "9"], ["8"]]


def test_when_all_are_gone_nothing_more_is_asked(host, connection):
    host.answers(refused(gone(0)))

    assert connection.keep_balances({"7": 1}) == {"7"}


@pytest.mark.parametrize(
    "error",
    [
        pytest.param({"field": ["metafields", "0", "value"], "message": "No."}, id="of a value"),
        pytest.param({"field": ["metafields", "9", "ownerId"], "message": "No."}, id="of no entry"),
        pytest.param({"field": ["ownerId"], "message": "No."}, id="of nowhere"),
        pytest.param({"field": None, "message": "No."}, id="without a field"),
    ],
)
def test_any_other_refusal_is_for_good(host, connection, error):
    host.answers(refused(error))

    with pytest.raises(PlatformError, match="refused the balances") as failure:
        connection.keep_balances({"7": 1})

    assert failure.value.permanent


def test_nobody_is_nothing_to_ask(host, connection):
    assert connection.keep_balances({}) == frozenset()
    assert host.asked == []


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (("write_customers",), ()),
        (("read_customers",), ("write_customers",)),
        ((), ("write_customers",)),
    ],
)
def test_the_shop_has_to_have_let_us(platform, granted, missing):
    assert platform.missing_for_balances(granted) == missing


def test_the_manifest_defines_the_field_that_is_written():
    [field] = load_manifest()["customer_fields"]

    assert (balances.NAMESPACE, field["key"], field["type"]) == (
        "$app",
        balances.KEY,
        balances.TYPE,
    )
