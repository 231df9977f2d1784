"""Webhooks: what Shopify signed is believed, and nothing else."""

import hashlib
import hmac
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from app.platforms.shopify.platform import Shopify
from tests.platforms.shopify.conftest import SHOP, a_registration

BODY = b'{"id":820982911946154508}'


def signed(body: bytes, secret: str = "hush") -> str:
    return b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def headers(**changes: str) -> dict[str, str]:
    facts = {
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Hmac-Sha256": signed(BODY),
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        "X-Shopify-Triggered-At": "2026-11-22T12:00:00.123456789Z",
    }
    return facts | {name.replace("_", "-"): value for name, value in changes.items()}


def test_a_signed_webhook_has_an_envelope(platform):
    delivery = platform.verify_delivery(headers(), BODY)

    assert delivery.shop_domain == SHOP
    assert delivery.topic == "orders/create"
    assert delivery.delivery_id == "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
    assert delivery.triggered_at == datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_known_answer_is_reproduced(platform):
    """Computed with `openssl dgst -sha256 -hmac hush -binary | base64` over the body."""
    known = headers(X_Shopify_Hmac_Sha256="qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I=")

    assert platform.verify_delivery(known, BODY) is not None


def test_header_names_may_be_in_any_case(platform):
    shouted = {name.upper(): value for name, value in headers().items()}
    whispered = {name.lower(): value for name, value in headers().items()}

    assert platform.verify_delivery(shouted, BODY) == platform.verify_delivery(whispered, BODY)


def test_a_domain_is_the_same_in_capitals(platform):
    delivery = platform.verify_delivery(headers(X_Shopify_Shop_Domain=SHOP.upper()), BODY)

    assert delivery.shop_domain == SHOP


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        pytest.param({}, BODY + b" ", id="a changed body"),
        pytest.param({"X_Shopify_Hmac_Sha256": signed(BODY, "guess")}, BODY, id="another secret"),
        pytest.param({"X_Shopify_Hmac_Sha256": ""}, BODY, id="no signature"),
        pytest.param({"X_Shopify_Hmac_Sha256": "æøå"}, BODY, id="not even base64"),
        pytest.param({"X_Shopify_Hmac_Sha256": signed(BODY) + "="}, BODY, id="padded"),
        pytest.param(
            {"X_Shopify_Hmac_Sha256": hmac.new(b"hush", BODY, hashlib.sha256).hexdigest()},
            BODY,
            id="hexadecimal",
        ),
        pytest.param({"X_Shopify_Topic": ""}, BODY, id="no topic"),
        pytest.param({"X_Shopify_Shop_Domain": "evil.example"}, BODY, id="no domain of a shop"),
        pytest.param({"X_Shopify_Shop_Domain": f"{SHOP}.evil.example"}, BODY, id="a longer domain"),
        pytest.param({"X_Shopify_Shop_Domain": f"{SHOP}\n"}, BODY, id="a line break"),
    ],
)
def test_a_forged_webhook_is_nobodys(platform, changes, body):
    assert platform.verify_delivery(headers(**changes), body) is None


def test_what_is_signed_and_odd_is_taken_in_all_the_same(platform):
    """It becomes a dead letter that somebody can see, rather than a stranger's forgery."""
    empty = platform.verify_delivery(headers(X_Shopify_Hmac_Sha256=signed(b"")), b"")
    endless = platform.verify_delivery(headers(X_Shopify_Topic="o" * 300), BODY)

    assert empty.topic == "orders/create"
    assert endless.topic == "o" * 100


def test_both_secrets_are_good_while_one_replaces_the_other():
    platform = Shopify(a_registration(client_secret="new", old_client_secret="hush"))

    assert platform.verify_delivery(headers(), BODY) is not None
    assert platform.verify_delivery(headers(X_Shopify_Hmac_Sha256=signed(BODY, "new")), BODY)
    assert not platform.verify_delivery(headers(X_Shopify_Hmac_Sha256=signed(BODY, "old")), BODY)


def test_an_empty_old_secret_signs_nothing():
    platform = Shopify(a_registration(old_client_secret=""))

    assert platform.verify_delivery(headers(X_Shopify_Hmac_Sha256=signed(BODY, "")), BODY) is None


def test_a_delivery_without_an_id_has_one_of_its_topic_and_body(platform):
    unnamed = {name: value for name, value in headers().items() if "Webhook-Id" not in name}
    other = unnamed | {"X-Shopify-Topic": "orders/paid"}

    first = platform.verify_delivery(unnamed, BODY)
    again = platform.verify_delivery(unnamed, BODY)

    assert first.delivery_id == again.delivery_id
    assert first.delivery_id != platform.verify_delivery(other, BODY).delivery_id


@pytest.mark.parametrize(
    "written", ["", "yesterday", "2026-11-22T12:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_strange_time_is_no_reason_to_refuse_a_webhook(platform, written):
    delivery = platform.verify_delivery(headers(X_Shopify_Triggered_At=written), BODY)

    assert delivery.triggered_at is None
