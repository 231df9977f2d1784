"""The storefront's proxy: only what it signed says who is looking."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from app.platforms.base import Shopper
from app.platforms.shopify.platform import Shopify
from tests.platforms.shopify.conftest import NOON, SHOP, a_registration

AT = str(int(NOON.timestamp()))
DOCUMENTED = datetime.fromtimestamp(1317327555, UTC)
FROM_DOCUMENTS = (
    "shop=shop-name.myshopify.com&path_prefix=%2Fapps%2Fawesome_reviews"
    "&timestamp=1317327555&extra=1&extra=2"
)


def sign(message: str, secret: str = "hush") -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def asked(secret: str = "hush", **changes: str) -> bytes:
    """The query string of a request that the proxy passed on."""
    facts = {
        "shop": SHOP,
        "logged_in_customer_id": "7",
        "path_prefix": "/apps/stamkunde",
        "timestamp": AT,
    }
    facts |= changes
    message = "".join(f"{name}={facts[name]}" for name in sorted(facts))
    return urlencode(facts | {"signature": sign(message, secret)}).encode()


@pytest.mark.parametrize(
    ("customer_id", "signature"),
    [
        ("1", "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"),
        ("", "e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb"),
    ],
)
def test_the_known_answers_are_reproduced(platform, customer_id, signature):
    query = f"{FROM_DOCUMENTS}&logged_in_customer_id={customer_id}&signature={signature}"

    shopper = platform.verify_shopper(query.encode(), now=DOCUMENTED)

    assert shopper == Shopper("shop-name.myshopify.com", customer_id or None)


def test_a_customer_is_known_by_the_proxy(platform):
    assert platform.verify_shopper(asked(locale="da"), now=NOON) == Shopper(SHOP, "7")


def test_a_guest_is_nobody(platform):
    assert platform.verify_shopper(asked(logged_in_customer_id=""), now=NOON) == Shopper(SHOP, None)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(asked().replace(b"customer_id=7", b"customer_id=8"), id="another customer"),
        pytest.param(asked() + b"&extra=1", id="one more parameter"),
        pytest.param(asked() + b"&logged_in_customer_id=8", id="a second customer"),
        pytest.param(b"shop=other.myshopify.com&" + asked(), id="a second shop"),
        pytest.param(asked() + b"&timestamp=" + AT.encode(), id="a second time"),
        pytest.param(asked() + b"&signature=" + b"0" * 64, id="a second signature"),
        pytest.param(asked("guess"), id="another secret"),
        pytest.param(asked().replace(b"signature=", b"hmac="), id="no signature"),
        pytest.param(asked(timestamp=""), id="no time"),
        pytest.param(asked(timestamp="soon"), id="a time that is none"),
        pytest.param(asked(shop="evil.example"), id="no domain of a shop"),
        pytest.param(asked(logged_in_customer_id="7 or 8"), id="no id of a customer"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="not text"),
    ],
)
def test_a_forged_request_is_nobodys(platform, query):
    assert platform.verify_shopper(query, now=NOON) is None


@pytest.mark.parametrize("name", ["shop", "logged_in_customer_id", "path_prefix", "timestamp"])
def test_what_the_proxy_always_adds_has_to_be_there(platform, name):
    facts = {"shop": SHOP, "logged_in_customer_id": "7", "path_prefix": "/a", "timestamp": AT}
    del facts[name]
    message = "".join(f"{key}={facts[key]}" for key in sorted(facts))
    query = urlencode(facts | {"signature": sign(message)}).encode()

    assert platform.verify_shopper(query, now=NOON) is None


def test_a_guest_cannot_choose_a_parameter_that_makes_them_a_customer(platform):
    """The signed text has no separators, so a text made for a guest can be cut in another way."""
    genuine = {
        "e": "1logged_in_customer_id=7m=",
        "logged_in_customer_id": "",
        "path_prefix": "/apps/stamkunde",
        "shop": SHOP,
        "timestamp": AT,
    }
    text = "".join(f"{name}={value}" for name, value in genuine.items())
    forged = {"e": "1", "logged_in_customer_id": "7", "m": "logged_in_customer_id="}
    forged |= {name: genuine[name] for name in ("path_prefix", "shop", "timestamp")}
    assert "".join(f"{name}={value}" for name, value in forged.items()) == text

    for query in (genuine, forged):
        sent = urlencode(query | {"signature": sign(text)}).encode()
        assert platform.verify_shopper(sent, now=NOON) is None


def test_a_signature_is_written_in_lower_case(platform):
    head, _, digest = asked().decode().partition("&signature=")

    assert platform.verify_shopper(f"{head}&signature={digest.upper()}".encode(), now=NOON) is None


@pytest.mark.parametrize(
    ("seconds", "believed"),
    [(90, True), (-90, True), (91, False), (-91, False)],
)
def test_a_request_is_good_for_ninety_seconds(platform, seconds, believed):
    now = NOON + timedelta(seconds=seconds)

    assert (platform.verify_shopper(asked(), now=now) is not None) is believed


def test_both_secrets_are_good_while_one_replaces_the_other():
    platform = Shopify(a_registration(client_secret="new", old_client_secret="hush"))

    assert platform.verify_shopper(asked("hush"), now=NOON) == Shopper(SHOP, "7")
    assert platform.verify_shopper(asked("new"), now=NOON) == Shopper(SHOP, "7")
