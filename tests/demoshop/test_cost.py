"""What calls cost, and what happens when the bucket is empty."""

import pytest
from graphql import get_operation_ast, parse

from demoshop.admin_api.cost import Bucket, page_cost, requested_cost

SHOP = "{ shop { name } }"


def cost(text, **variables):
    document = parse(text)
    return requested_cost(document, get_operation_ast(document), variables)


# As measured on the platform: a page costs less than its size.
@pytest.mark.parametrize(("size", "points"), [(2, 3), (5, 5), (10, 6)])
def test_a_page_costs_what_was_measured(size, points):
    assert page_cost(size) == points


def test_a_mutation_costs_ten():
    assert cost("mutation { discountCodeDeactivate(id: 1) { userErrors { code } } }") == 10


def test_a_lookup_costs_one():
    assert cost('{ codeDiscountNodeByCode(code: "A") { id codeDiscount { __typename } } }') == 1


def test_pages_inside_pages_cost_more():
    flat = cost("{ orders(first: 50) { nodes { id } } }")
    deep = cost("{ orders(first: 50) { nodes { lineItems(first: 50) { nodes { id } } } } }")

    assert deep > 3 * flat


def test_a_fragment_costs_what_it_holds():
    written_out = cost("{ orders(first: 10) { nodes { lineItems(first: 5) { nodes { id } } } } }")
    with_fragment = cost(
        "query Q($n: Int) { orders(first: $n) { nodes { ...F } } }"
        "fragment F on Order { lineItems(first: 5) { nodes { id } } }",
        n=10,
    )

    assert with_fragment == written_out


def test_every_answer_says_what_it_cost(installed):
    told = installed.call(SHOP).json["extensions"]["cost"]

    assert told["requestedQueryCost"] == told["actualQueryCost"] == 1
    assert told["throttleStatus"]["maximumAvailable"] == 2000
    assert told["throttleStatus"]["restoreRate"] == 100


def test_an_empty_bucket_throttles_with_http_200(installed, client):
    client.post("/demo/api/bucket/empty")

    answer = installed.call("mutation { discountCodeDeactivate(id: 1) { userErrors { code } } }")

    assert answer.status_code == 200
    assert "data" not in answer.json
    assert "Retry-After" not in answer.headers
    assert answer.json["errors"][0]["message"] == "Throttled"
    assert answer.json["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert answer.json["extensions"]["cost"]["actualQueryCost"] is None


def test_one_call_may_not_ask_for_everything(installed):
    answer = installed.call(
        "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } "
        "refunds { refundLineItems(first: 250) { nodes { id } } } "
        "shippingLines(first: 250) { nodes { id } } "
        "discountApplications(first: 250) { nodes { index } } } } }"
    )

    assert answer.json["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_the_bucket_refills_by_a_hundred_a_second():
    bucket = Bucket()
    bucket.take(2000, now=100.0)

    assert not bucket.take(101, now=101.0)
    assert bucket.take(100, now=101.0)
    assert bucket.status(now=1000.0)["currentlyAvailable"] == 2000


def test_what_was_charged_too_much_comes_back(installed):
    told = installed.call("{ orders(first: 100) { nodes { id } } }").json["extensions"]["cost"]

    assert told["actualQueryCost"] < told["requestedQueryCost"]
