"""The checkout honors the codes the app makes, and refuses them for the right reason."""

import json

import pytest
from sqlalchemy import select

from demoshop.records.webhook import Webhook

BJORN = {"customers": {"add": ["gid://shopify/Customer/7100000002"]}}
TEN_PERCENT = {"customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}}}
WITH_SHIPPING = {"combinesWith": {"shippingDiscounts": True}}
WITH_ORDER = {"combinesWith": {"orderDiscounts": True}}


def test_an_amount_is_taken_off(installed, buy):
    installed.make_code("STAM-1")

    order = buy(codes=["stam-1"])

    assert order["refused_codes"] == []
    assert order["goods_minor"] == 2 * 149_00 - 50_00
    assert order["total_minor"] == order["goods_minor"] + 49_00


def test_an_amount_is_shared_by_weight_to_the_last_ore(installed, buy):
    installed.make_code("STAM-1")

    order = buy(
        lines=[
            {"product": "tide-plate", "quantity": 1},
            {"product": "fjord-cup", "quantity": 1},
            {"product": "ember-light", "quantity": 1},
        ],
        codes=["STAM-1"],
    )

    off = [line["price_minor"] - line["net_minor"] for line in order["lines"]]
    assert off == [2166, 1699, 1135]
    assert sum(off) == 50_00


def test_a_code_never_takes_off_more_than_there_is(installed, buy):
    installed.make_code("STAM-1", customerGets=amount_off("5000.00"))

    assert buy(codes=["STAM-1"])["goods_minor"] == 0


def test_a_percentage_is_rounded_half_up(installed, buy):
    installed.make_code("STAM-1", **TEN_PERCENT)

    order = buy(lines=[{"product": "tide-plate", "quantity": 1}], codes=["STAM-1"])

    assert order["discount_minor"] == 19_00, "10 % of 189.95 is 18.995"


def test_free_shipping_leaves_the_goods_alone(installed, buy):
    installed.make_free_shipping("SHIP")

    order = buy(codes=["SHIP"])

    assert (order["goods_minor"], order["shipping_minor"]) == (298_00, 0)


def test_gift_cards_are_never_discounted(installed, buy):
    installed.make_code("STAM-1")

    order = buy(lines=[{"product": "gift-card", "quantity": 1}], codes=["STAM-1"])

    assert order["refused_codes"] == [{"code": "STAM-1", "reason": "nothing_to_discount"}]
    assert order["shipping_minor"] == 0, "a gift card needs no parcel"


def amount_off(amount):
    return {"value": {"discountAmount": {"amount": amount}}, "items": {"all": True}}


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        pytest.param({"endsAt": "2026-02-01T00:00:00Z"}, "expired", id="over"),
        pytest.param({"startsAt": "2099-01-01T00:00:00Z"}, "not_started", id="not yet"),
        pytest.param({"context": BJORN}, "not_yours", id="somebody else's"),
        pytest.param(
            {"minimumRequirement": {"subtotal": {"greaterThanOrEqualToSubtotal": "298.01"}}},
            "minimum_not_met",
            id="an øre too little",
        ),
        pytest.param(
            {"minimumRequirement": {"quantity": {"greaterThanOrEqualToQuantity": "3"}}},
            "minimum_not_met",
            id="too few pieces",
        ),
    ],
)
def test_a_limit_is_honored(installed, buy, limits, reason):
    installed.make_code("STAM-1", **limits)

    order = buy(codes=["STAM-1"])

    assert order["refused_codes"] == [{"code": "STAM-1", "reason": reason}]
    assert order["discount_minor"] == 0


def test_an_exact_minimum_is_enough(installed, buy):
    minimum = {"subtotal": {"greaterThanOrEqualToSubtotal": "298.00"}}
    installed.make_code("STAM-1", minimumRequirement=minimum)

    assert buy(codes=["STAM-1"])["refused_codes"] == []


def test_a_personal_code_needs_its_person(installed, buy):
    installed.make_code("STAM-1", context=BJORN)

    assert buy(persona=None, codes=["STAM-1"])["refused_codes"][0]["reason"] == "log_in"
    assert buy(persona="bjorn", codes=["STAM-1"])["refused_codes"] == []


def test_a_single_use_code_is_used_up(installed, buy):
    installed.make_code("STAM-1")
    buy(codes=["STAM-1"])

    assert buy(codes=["STAM-1"])["refused_codes"][0]["reason"] == "used_up"


def test_once_per_customer_counts_each_customer(installed, buy):
    installed.make_code("STAM-1", usageLimit=None, appliesOncePerCustomer=True)
    buy(codes=["STAM-1"])

    assert buy(codes=["STAM-1"])["refused_codes"][0]["reason"] == "already_used"
    assert buy(persona="bjorn", codes=["STAM-1"])["refused_codes"] == []


def test_two_codes_combine_only_if_both_agree(installed, buy):
    installed.make_code("OFF", usageLimit=None, **WITH_SHIPPING)
    installed.make_free_shipping("SHIP", **WITH_ORDER)
    installed.make_free_shipping("STUBBORN")

    both = buy(codes=["OFF", "SHIP"])
    one = buy(codes=["OFF", "STUBBORN"])

    assert (both["refused_codes"], both["shipping_minor"]) == ([], 0)
    assert one["refused_codes"] == [{"code": "STUBBORN", "reason": "not_combinable"}]


def test_a_code_nobody_made_is_unknown(buy):
    assert buy(codes=["GUESS"])["refused_codes"] == [{"code": "GUESS", "reason": "unknown"}]


def test_a_code_that_is_deleted_by_hand_is_gone_and_told_by_its_id(client, machine, installed):
    installed.subscribe("DISCOUNTS_DELETE")
    ref = installed.make_code("STAM-1")["codeDiscountNode"]["id"]
    number = ref.rpartition("/")[2]

    for _twice in range(2):
        client.post(f"/admin/discounts/{number}/delete")

    with machine.transaction() as session:
        told = [json.loads(row.body) for row in session.scalars(select(Webhook))]
    assert installed.data('{ codeDiscountNodeByCode(code: "STAM-1") { id } }') == {
        "codeDiscountNodeByCode": None
    }
    assert [body["admin_graphql_api_id"] for body in told] == [ref]


def test_discounts_are_listed_by_what_they_are_called(installed):
    installed.make_code("STAM-1", title="Stamkunde STAM-1")
    installed.make_code("SUMMER", title="Summer")

    asked = '{ discountNodes(first: 5, query: "status:active title:Stamkunde*") { nodes { id } } }'
    assert len(installed.data(asked)["discountNodes"]["nodes"]) == 1
