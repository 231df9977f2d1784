"""Everything we ever send to the Admin API, read by Shopify's own schema of each version.

A document that fits says nothing of its variables: here every operation is really run with them.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import responses
from graphql import build_schema, parse, validate

from app.domain.errors import NotUnderstood
from app.domain.issued import Credit, Discount, GiftCard
from app.platforms.base import PlatformError, Tokens
from app.platforms.shopify.platform import Shopify
from app.platforms.shopify.queries import query
from tests.contracts.admin_schema import SchemaHost, load
from tests.platforms.shopify.conftest import NOON, SHOP, a_registration, fingerprint
from tests.source import ROOT

BASIC = query("discount_basic_create")
pytestmark = pytest.mark.needs("judges")

QUERIES = ROOT / "app" / "platforms" / "shopify" / "queries"
LATER = NOON + timedelta(days=30)
CODE = Discount(
    code="STAM-ABCDE-FGHIJ",
    title="Stamkunde 50 kr.",
    currency="DKK",
    customer_id="7",
    off_minor=50_00,
    starts_at=NOON,
)
CODES = {
    "an amount": CODE,
    "in a money without cents": replace(CODE, currency="ISK", off_minor=500),
    "in a money of thousandths": replace(CODE, currency="KWD", off_minor=1_500),
    "a percentage": replace(CODE, off_minor=0, off_percent=15),
    "all of it": replace(CODE, off_minor=0, off_percent=100),
    "free shipping": replace(CODE, off_minor=0, free_shipping=True),
    "with an end": replace(CODE, ends_at=LATER),
    "with a minimum": replace(CODE, minimum_subtotal_minor=200_00),
    "beside others": replace(CODE, combines=True),
    "off products": replace(CODE, products=("301", "302")),
    "off collections": replace(CODE, collections=("11",)),
    "free shipping, with everything": replace(
        CODE,
        off_minor=0,
        free_shipping=True,
        combines=True,
        ends_at=LATER,
        minimum_subtotal_minor=99,
    ),
}
POOL = replace(CODE, customer_id=None, pooled=True)
CARD = GiftCard(
    code="ABCDE12345FGHIJ6",
    note="Stamkunde 1",
    customer_id="7",
    worth_minor=100_00,
    currency="DKK",
    ends_at=LATER,
)
CREDIT = Credit(customer_id="7", worth_minor=100_00, currency="DKK", ends_at=LATER, tried_at=None)

CALLS = {
    "shop": lambda to: to.shop(),
    "subscribe": lambda to: to.subscribe("https://app.stamkunde.example/webhooks"),
    "widget in": lambda to: to.inject_widget("https://app.stamkunde.example/widget.js"),
    "widget out": lambda to: to.remove_widget(),
    **{
        f"a code: {name}": lambda to, code=code: to.create_discount(code)
        for name, code in CODES.items()
    },
    "a code's end": lambda to: to.kill_discount(CODE.code),
    "all codes": lambda to: list(to.codes_of_ours()),
    "a lost code": lambda to: to.is_code_lost(CODE.code),
    "a pool": lambda to: to.open_pool(POOL),
    "codes": lambda to: to.add_codes("gid://shopify/DiscountCodeNode/1", ["A-1", "A-2"]),
    "codes' making": lambda to: to.codes_added("gid://shopify/DiscountRedeemCodeBulkCreation/1"),
    "a pooled code": lambda to: to.pooled_code("gid://shopify/DiscountCodeNode/1", "A-1"),
    "pooled codes' end": lambda to: to.remove_codes(
        "gid://shopify/DiscountCodeNode/1", ["gid://shopify/DiscountRedeemCode/2"]
    ),
    "a gift card": lambda to: to.give_gift_card(CARD),
    "a gift card without end": lambda to: to.give_gift_card(replace(CARD, ends_at=None)),
    "a gift card's traces": lambda to: to.find_gift_card(CARD),
    "credit": lambda to: to.give_credit(CREDIT),
    "credit without end": lambda to: to.give_credit(replace(CREDIT, ends_at=None)),
    "credit's traces": lambda to: to.find_credit(replace(CREDIT, tried_at=NOON)),
    "a tag": lambda to: to.add_tag("7", "early"),
    "balances": lambda to: to.keep_balances({"7": 120, "8": -5}),
    "no tag": lambda to: to.remove_tag("7", "early"),
    "an order": lambda to: to.order("1001"),
    "a product": lambda to: to.product("301"),
    "orders": lambda to: list(to.orders_since(NOON)),
    "customers": lambda to: list(to.customers_since(NOON)),
}
"""Every call of a connection, in every form that its values can take."""


@pytest.fixture(scope="module", params=["2026-07", "2026-10"])
def schema(request):
    """Shopify's schema of each version that we speak with."""
    return load(request.param)


def asked(schema, *calls):
    """The host after it was asked all this."""
    host = SchemaHost(schema)
    connection = Shopify(a_registration()).connect(SHOP, Tokens("shpat_1", ()), fingerprint)
    with responses.RequestsMock() as mock:
        host.listen(mock)
        for call in calls:
            # The made-up answers may make no sense; what was sent is all that matters.
            with suppress(PlatformError, NotUnderstood):
                call(connection)
    return host


@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
def test_what_we_send_is_understood(schema, call):
    host = asked(schema, call)

    assert host.mistakes == []
    assert host.documents


def test_no_operation_of_ours_is_left_out(schema):
    sent = asked(schema, *CALLS.values()).documents

    files = {path.name: path.read_text(encoding="utf-8") for path in QUERIES.glob("*.graphql")}
    assert sorted(name for name, text in files.items() if text not in sent) == []


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        ({"code": "A", "unheard": 1}, "not defined"),
        ({"context": {"all": "ALL", "customers": {"add": []}}}, "Exactly one key"),
        ({"startsAt": "2026-11-22T12:00:00"}, "no time zone"),
        ({"usageLimit": "1"}, "Int cannot represent"),
        ({"customerGets": {"value": {"discountAmount": {"amount": "a lot"}}}}, "not a decimal"),
        ({"context": {"customers": {"add": ["7"]}}}, "no global id"),
    ],
)
def test_the_schema_would_notice(schema, spoiled, said):
    host = asked(schema, lambda to: to._client.ask(BASIC, discount=spoiled))

    assert any(said in mistake for mistake in host.mistakes), host.mistakes


def test_the_demo_shops_schema_says_nothing_that_shopifys_does_not(schema):
    files = sorted((ROOT / "demoshop").rglob("*.graphql"))
    ours = build_schema("\n".join(path.read_text(encoding="utf-8") for path in files))

    unknown = [name for name in ours.type_map if name not in schema.type_map]

    assert unknown == []
    for path in QUERIES.glob("*.graphql"):
        assert validate(schema, parse(path.read_text(encoding="utf-8"))) == []
