"""A registration at Shopify, a connection to one shop, and a stand-in for the shop's answers."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import responses

from app.platforms.base import Tokens
from app.platforms.shopify.platform import Shopify
from app.platforms.shopify.registration import Registration

SHOP = "nordlys.myshopify.com"
GRAPHQL = f"https://{SHOP}/admin/api/2026-10/graphql.json"
TOKEN_URL = f"https://{SHOP}/admin/oauth/access_token"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_registration(**changes: Any) -> Registration:
    """Our app at Shopify, whose secret is that of the known answers in the documentation."""
    facts: dict[str, Any] = {
        "client_id": "client-1",
        "client_secret": "hush",
        "scopes": ("read_orders", "write_discounts"),
        "script_tags": True,
    }
    return Registration(**facts | changes)


def fingerprint(address: str) -> str:
    """A hash that a test can repeat."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


class Host:
    """Shopify as a test tells it to answer: operations by their root field, in order."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def answers(self, data: dict[str, Any]) -> None:
        """Answer the next question with this data."""
        self.mock.post(GRAPHQL, json={"data": data})

    def fails(self, **how: Any) -> None:
        """Answer the next question in some other way."""
        self.mock.post(GRAPHQL, **how)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The documents and variables we sent, first to last."""
        return [json.loads(call.request.body) for call in self.mock.calls]

    @property
    def variables(self) -> list[dict[str, Any]]:
        """The variables we sent, first to last."""
        return [asked["variables"] for asked in self.asked]


@pytest.fixture
def host():
    with responses.RequestsMock(
        registry=responses.registries.OrderedRegistry, assert_all_requests_are_fired=True
    ) as mock:
        yield Host(mock)


@pytest.fixture
def platform():
    return Shopify(a_registration())


@pytest.fixture
def connection(platform):
    return platform.connect(SHOP, Tokens(access="shpat_1", scopes=()), fingerprint)
