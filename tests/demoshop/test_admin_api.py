"""The Admin API answers as the platform's does, in its names and its words."""

import pytest

from tests.demoshop.an_app import APP, SUBSCRIBE

ORDERS = """
query Orders($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id name updatedAt displayFinancialStatus test taxesIncluded sourceName
      customer { id defaultEmailAddress { emailAddress } }
      currentTotalPriceSet { shopMoney { amount currencyCode } }
      discountApplications(first: 5) {
        nodes { index ... on DiscountCodeApplication { code } value { __typename } }
      }
      lineItems(first: 20) {
        nodes {
          id sku vendor quantity currentQuantity isGiftCard
          originalTotalSet { shopMoney { amount } }
          discountAllocations { allocatedAmountSet { shopMoney { amount } } }
        }
      }
      refunds(first: 10) {
        id
        refundLineItems(first: 20) {
          nodes { quantity lineItem { id } subtotalSet { shopMoney { amount } } }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
PARCELS = """
{ orders(first: 5) { nodes { createdAt fulfillments(first: 5) { id status createdAt } } } }
"""
BY_CODE = """
query Find($code: String!) {
  codeDiscountNodeByCode(code: $code) {
    id
    codeDiscount {
      __typename
      ... on DiscountCodeBasic {
        status endsAt usageLimit asyncUsageCount
        context { __typename }
        customerGets { value { __typename } }
      }
      ... on DiscountCodeFreeShipping { status asyncUsageCount }
    }
  }
}
"""
DEACTIVATE = """
mutation End($id: ID!) {
  discountCodeDeactivate(id: $id) {
    codeDiscountNode { codeDiscount { ... on DiscountCodeBasic { status endsAt } } }
    userErrors { field code message }
  }
}
"""
SCRIPT = """
mutation Script($src: URL!) {
  scriptTagCreate(input: {src: $src, displayScope: ONLINE_STORE}) {
    scriptTag { id src displayScope }
    userErrors { field message }
  }
}
"""


def test_the_shop_says_who_it_is(installed):
    answer = installed.data("{ shop { id name currencyCode ianaTimezone myshopifyDomain } }")

    assert answer["shop"]["currencyCode"] == "DKK"
    assert answer["shop"]["myshopifyDomain"] == "nordlys.myshopify.com"


def test_an_order_is_read_with_everything_in_it(installed, client, buy):
    installed.make_code("STAM-1")
    order = buy(codes=["STAM-1"])
    line = order["lines"][0]["id"]
    wish = {"lines": [{"line": line, "quantity": 1}]}
    client.post(f"/demo/api/orders/{order['id']}/refunds", json=wish)

    node = installed.data(ORDERS, first=5)["orders"]["nodes"][0]

    assert node["id"] == f"gid://shopify/Order/{order['id']}"
    assert node["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert node["customer"]["id"] == "gid://shopify/Customer/7100000001"
    assert node["discountApplications"]["nodes"][0]["code"] == "STAM-1"
    assert node["lineItems"]["nodes"][0]["currentQuantity"] == 1
    allocated = node["lineItems"]["nodes"][0]["discountAllocations"][0]["allocatedAmountSet"]
    assert allocated["shopMoney"]["amount"] == "50.00"
    back = node["refunds"][0]["refundLineItems"]["nodes"][0]
    assert (back["quantity"], back["lineItem"]["id"]) == (1, f"gid://shopify/LineItem/{line}")


def test_pages_follow_each_other_without_gap_or_repeat(installed, buy):
    names = [buy()["name"] for _ in range(5)]
    seen, after = [], None

    while True:
        page = installed.data(ORDERS, first=2, after=after)["orders"]
        seen += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == names


def test_orders_are_found_by_when_they_changed(installed, client, buy):
    old, new = buy(), buy(payment="pending")
    client.post(f"/demo/api/orders/{new['id']}/pay")
    client.post(f"/demo/api/orders/{new['id']}/fulfill")
    changed = client.get(f"/demo/api/orders/{new['id']}").json["updated_at"]

    page = installed.data(ORDERS, first=5, query=f"updated_at:>='{changed}'")["orders"]

    assert [node["name"] for node in page["nodes"]] == [new["name"]]
    assert old["updated_at"] < changed


def test_an_order_that_was_sent_has_a_parcel(installed, client, buy):
    sent, _ = buy(), buy()
    client.post(f"/demo/api/orders/{sent['id']}/fulfill")

    was_sent, was_not = installed.data(PARCELS)["orders"]["nodes"]

    (parcel,) = was_sent["fulfillments"]
    assert parcel["id"].startswith("gid://shopify/Fulfillment/")
    assert parcel["status"] == "SUCCESS"
    assert parcel["createdAt"] >= was_sent["createdAt"]
    assert was_not["fulfillments"] == []


def test_a_page_needs_a_size(installed):
    answer = installed.call("{ orders { nodes { id } } }").json

    assert "you must provide one of first or last" in answer["errors"][0]["message"]


def test_a_code_is_found_whatever_its_case(installed, buy):
    installed.make_code("STAM-1")
    buy(codes=["STAM-1"])

    found = installed.data(BY_CODE, code="stam-1")["codeDiscountNodeByCode"]["codeDiscount"]

    assert found["__typename"] == "DiscountCodeBasic"
    assert (found["status"], found["asyncUsageCount"], found["usageLimit"]) == ("ACTIVE", 1, 1)


def test_an_unknown_code_is_null(installed):
    assert installed.data(BY_CODE, code="GUESS")["codeDiscountNodeByCode"] is None


def test_a_code_that_was_ended_stays_taken(installed, buy):
    made = installed.make_code("STAM-1")
    ended = installed.data(DEACTIVATE, id=made["codeDiscountNode"]["id"])

    again = installed.make_code("stam-1")

    discount = ended["discountCodeDeactivate"]["codeDiscountNode"]["codeDiscount"]
    assert discount["status"] == "EXPIRED"
    assert again["userErrors"] == [
        {
            "field": ["basicCodeDiscount", "code"],
            "code": "TAKEN",
            "message": "Code must be unique. Please try a different code.",
        }
    ]
    assert buy(codes=["STAM-1"])["refused_codes"][0]["reason"] == "expired"


def test_ending_what_is_not_there_is_a_user_error(installed):
    ended = installed.data(DEACTIVATE, id="gid://shopify/DiscountCodeNode/1")

    error = ended["discountCodeDeactivate"]["userErrors"][0]
    assert (error["code"], error["message"]) == ("INVALID", "Code discount does not exist.")


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        pytest.param({"code": ""}, ["code"], "BLANK", id="no code"),
        pytest.param({"code": "X" * 256}, ["code"], "TOO_LONG", id="a long code"),
        pytest.param({"endsAt": "2025-01-01T00:00:00Z"}, ["endsAt"], "INVALID", id="ends early"),
        pytest.param(
            {"customerGets": {"value": {"percentage": 10.0}, "items": {"all": True}}},
            ["customerGets", "value", "percentage"],
            "VALUE_OUTSIDE_RANGE",
            id="a thousand percent",
        ),
        pytest.param(
            {"customerSelection": {"all": True}}, ["context"], "INVALID", id="two kinds of buyer"
        ),
    ],
)
def test_a_wrong_discount_is_refused_in_the_platforms_words(installed, wrong, path, code):
    made = installed.make_code(**{"code": "STAM-1"} | wrong)

    error = made["userErrors"][0]
    assert (error["field"], error["code"]) == (["basicCodeDiscount", *path], code)
    assert made["codeDiscountNode"] is None


@pytest.mark.parametrize(
    "context",
    [
        pytest.param({"all": "ALL", "customers": {"add": []}}, id="two at once"),
        pytest.param({}, id="none at all"),
    ],
)
def test_a_context_is_exactly_one_thing(installed, context):
    answer = installed.call(
        "mutation M($c: DiscountContextInput!)"
        "{ discountCodeBasicCreate(basicCodeDiscount: {context: $c}) { userErrors { code } } }",
        c=context,
    )

    assert answer.status_code == 200
    assert answer.json["errors"][0]["extensions"]["code"] == "INVALID_VARIABLE"


def test_a_bad_amount_is_an_invalid_variable(installed):
    answer = installed.call(
        "mutation M($a: Decimal!) { discountCodeBasicCreate(basicCodeDiscount: "
        "{customerGets: {value: {discountAmount: {amount: $a}}}}) { userErrors { code } } }",
        a="much",
    )

    assert answer.status_code == 200
    assert answer.json["errors"][0]["extensions"]["code"] == "INVALID_VARIABLE"


def test_a_topic_is_subscribed_to_once_per_address(installed):
    address = f"{APP}/webhooks"
    first = installed.data(SUBSCRIBE, topic="ORDERS_PAID", uri=address)
    second = installed.data(SUBSCRIBE, topic="ORDERS_PAID", uri=address)

    assert first["webhookSubscriptionCreate"]["webhookSubscription"]["topic"] == "ORDERS_PAID"
    assert second["webhookSubscriptionCreate"]["userErrors"] == [
        {
            "field": ["webhookSubscription", "callbackUrl"],
            "message": "Address for this topic has already been taken",
        }
    ]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "Address can't be blank"),
        ("somewhere", "Address is invalid"),
        ("http://example.com/webhooks", "Address protocol http:// is not supported"),
    ],
)
def test_a_useless_address_is_refused(installed, address, message):
    made = installed.data(SUBSCRIBE, topic="ORDERS_PAID", uri=address)

    assert made["webhookSubscriptionCreate"]["userErrors"][0]["message"] == message


def test_a_script_tag_is_made_while_the_shop_allows_it(installed, client):
    made = installed.data(SCRIPT, src=f"{APP}/widget.js")["scriptTagCreate"]
    client.post("/demo/api/switches", json={"embed_only": True})
    refused = installed.data(SCRIPT, src=f"{APP}/other.js")["scriptTagCreate"]

    assert made["scriptTag"]["src"] == f"{APP}/widget.js"
    assert refused["scriptTag"] is None
    assert refused["userErrors"][0]["message"]


def test_a_field_needs_its_scope(installed, client):
    client.post("/demo/api/uninstall")
    location = client.post(
        "/admin/oauth/authorize",
        data={
            "client_id": "the-app",
            "scope": "read_orders",
            "redirect_uri": f"{APP}/install/callback",
            "decision": "install",
        },
    ).location
    code = dict(pair.split("=") for pair in location.split("?")[1].split("&"))["code"]
    token = installed.ask_token(code=code, expiring="1").json["access_token"]

    answer = installed.call("{ customers(first: 1) { nodes { id } } }", token=token).json

    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_a_question_that_makes_no_sense_is_refused_politely(installed):
    for query in ("{ nonsense }", "{ shop {", ""):
        answer = installed.call(query)
        assert answer.status_code == 200
        assert answer.json["errors"]
