"""Our signatures before Shopify's own libraries, and theirs before us."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from app.platforms.shopify.signatures import shopper_in_proxy
from tests.contracts.forgeries import forgeries
from tests.contracts.judges import NodeJudge, OurJudge, PythonJudge
from tests.contracts.signed import BODY, SHOP, claims, link, proxied, timestamp, token, webhook

pytestmark = pytest.mark.needs("judges")

PUBLISHED_AT = datetime.fromtimestamp(1317327555, UTC)
HONEST = {
    "a webhook": webhook,
    "a webhook without a word": lambda: webhook(body="{}"),
    "a webhook with headers in lower case": lambda: {
        **webhook(),
        "headers": {name.lower(): value for name, value in webhook()["headers"].items()},
    },
    "the way back from consent": link,
    "the app's own address": lambda: link(code="", state="", locale="da-DK", embedded="1"),
    "the proxy, for a customer": proxied,
    "the proxy, for a guest": lambda: proxied(logged_in_customer_id=""),
    "the proxy, with a question of the page": lambda: proxied(product="8 ÆØÅ ✓", q="a b&c=d"),
    "a session token": token,
}


@pytest.mark.parametrize("judge", [NodeJudge(), PythonJudge(), OurJudge()], ids=lambda j: j.name)
def test_what_the_demo_shop_signs_is_believed(judge):
    questions = {name: made() for name, made in HONEST.items()}

    rulings = dict(zip(questions, judge.ask(questions.values()), strict=True))

    assert {name: ruling for name, ruling in rulings.items() if ruling is False} == {}
    assert True in rulings.values()


def test_what_the_library_signs_is_believed_by_us():
    query = urlencode({"shop": SHOP, "timestamp": timestamp(), "host": "YWRtaW4", "x": "a b/c~*"})
    proxy = {
        "shop": SHOP,
        "logged_in_customer_id": "7",
        "path_prefix": "/apps/stamkunde",
        "timestamp": timestamp(),
    }
    asked = [
        {"kind": "sign_webhook", "body": BODY},
        {"kind": "sign_link", "query": query},
        {"kind": "sign_proxy", "query": urlencode([*proxy.items(), ("q", "1"), ("q", "2 ø")])},
        {"kind": "sign_session_token", "claims": claims()},
    ]

    signature, signed_link, signed_proxy, signed_token = NodeJudge().ask(asked)

    questions = [
        webhook(**{"X-Shopify-Hmac-Sha256": signature}),
        {"kind": "link", "query": signed_link},
        {"kind": "proxy", "query": signed_proxy},
        {"kind": "session_token", "token": signed_token},
    ]
    assert OurJudge().ask(questions) == [True] * 4


def test_two_thousand_forgeries_are_believed_by_nobody():
    """Where a library is known to be lax, that is said with the forgery, and must still be so."""
    forged = list(forgeries())
    questions = [forgery.question for forgery in forged]

    believed = [set() for _ in forged]
    for judge in (NodeJudge(), PythonJudge(), OurJudge()):
        for at, ruling in enumerate(judge.ask(questions)):
            if ruling:
                believed[at].add(judge.name)

    surprising = {
        forgery.wrong: believers
        for forgery, believers in zip(forged, believed, strict=True)
        if believers != forgery.passes
    }
    assert surprising == {}
    assert sum(not forgery.passes for forgery in forged) >= 2000
    assert not any("ours" in forgery.passes for forgery in forged)


@pytest.mark.parametrize(
    ("customer", "signature"),
    [
        ("1", "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"),
        ("", "e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb"),
    ],
)
def test_the_published_signatures_of_the_proxy_are_believed(customer, signature):
    query = urlencode(
        [
            ("extra", "1"),
            ("extra", "2"),
            ("shop", "shop-name.myshopify.com"),
            ("logged_in_customer_id", customer),
            ("path_prefix", "/apps/awesome_reviews"),
            ("timestamp", "1317327555"),
            ("signature", signature),
        ]
    )

    shopper = shopper_in_proxy(query.encode(), ["hush"], now=PUBLISHED_AT)

    assert (shopper.shop_domain, shopper.customer_id) == (
        "shop-name.myshopify.com",
        customer or None,
    )
