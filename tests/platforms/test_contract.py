"""What every host platform owes us, whatever its own words are.

A platform joins by adding itself to PLATFORMS with what it takes to sign for it.
"""

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.platforms.base import Connection, Platform, Tokens
from tests.platforms.shopify import conftest as shopify
from tests.platforms.shopify.test_link_signature import link as shopify_link
from tests.platforms.shopify.test_proxy_signature import asked as shopify_proxy
from tests.platforms.shopify.test_webhook_signature import BODY, headers

NOON = shopify.NOON


@dataclass(frozen=True)
class Candidate:
    """A platform, and requests that its host has signed at noon."""

    platform: Platform
    shop_domain: str
    headers: dict[str, str]
    body: bytes
    shopper_query: Callable[[], bytes]
    admin_query: Callable[[], bytes]


PLATFORMS = [
    pytest.param(
        Candidate(
            platform=shopify.Shopify(shopify.a_registration()),
            shop_domain=shopify.SHOP,
            headers=headers(),
            body=BODY,
            shopper_query=shopify_proxy,
            admin_query=shopify_link,
        ),
        id="shopify",
    )
]


@pytest.fixture(params=PLATFORMS)
def candidate(request):
    return request.param


def names_of(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_a_platform_does_everything(candidate):
    for name in names_of(Platform) - {"name", "capabilities"}:
        promised = inspect.signature(getattr(Platform, name))
        kept = inspect.signature(getattr(type(candidate.platform), name))
        assert list(kept.parameters) == list(promised.parameters)


def test_a_connection_does_everything(candidate):
    tokens = Tokens(access="secret-token", scopes=())

    connection = candidate.platform.connect(candidate.shop_domain, tokens, shopify.fingerprint)

    for name in names_of(Connection):
        promised = inspect.signature(getattr(Connection, name))
        kept = inspect.signature(getattr(type(connection), name))
        assert list(kept.parameters) == list(promised.parameters)


def test_what_was_signed_is_believed(candidate):
    platform, domain = candidate.platform, candidate.shop_domain

    assert platform.verify_delivery(candidate.headers, candidate.body).shop_domain == domain
    assert platform.verify_shopper(candidate.shopper_query(), now=NOON).shop_domain == domain
    assert platform.verify_admin(candidate.admin_query(), now=NOON) == domain


def test_a_delivery_has_the_same_id_on_every_retry(candidate):
    first = candidate.platform.verify_delivery(candidate.headers, candidate.body)

    assert candidate.platform.verify_delivery(candidate.headers, candidate.body) == first
    assert first.delivery_id


def test_one_other_byte_is_not_believed(candidate):
    platform = candidate.platform
    body = candidate.body
    changed = [body[:n] + bytes([body[n] ^ 1]) + body[n + 1 :] for n in range(len(body))]

    assert [one for one in changed if platform.verify_delivery(candidate.headers, one)] == []
    assert platform.verify_shopper(candidate.shopper_query() + b"&x=1", now=NOON) is None
    assert platform.verify_admin(candidate.admin_query() + b"&x=1", now=NOON) is None


def test_what_was_signed_long_ago_is_not_believed(candidate):
    tomorrow = NOON + timedelta(days=1)

    assert candidate.platform.verify_shopper(candidate.shopper_query(), now=tomorrow) is None
    assert candidate.platform.verify_admin(candidate.admin_query(), now=tomorrow) is None


def test_an_unknown_topic_is_no_event(candidate):
    assert candidate.platform.events_in("weather/changed", {}, shopify.fingerprint) == []


def test_the_merchant_is_sent_to_the_host(candidate):
    platform, domain = candidate.platform, candidate.shop_domain
    url = platform.install_url(domain, redirect_url="https://app.example/back", state="5f2c")

    assert "5f2c" in url
    assert domain in url
    assert domain in platform.embed_url(domain)


def test_nothing_here_sees_the_time(candidate):
    """Time is passed in, so that a signature's age can be tested."""
    folder = Path(inspect.getfile(type(candidate.platform))).parent
    clocks = {"now", "utcnow", "today", "time", "monotonic"}

    read = [
        f"{path.name}:{node.lineno}"
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
    ]

    assert read == []
