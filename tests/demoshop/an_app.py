"""A stand-in for the app: a token, and the calls it makes with it."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient

APP = "http://127.0.0.1:8000"
SECRET = "hush"
SCOPES = (
    "read_orders,read_customers,write_discounts,read_discounts,write_script_tags,read_products,"
    "write_customers,write_gift_cards,write_store_credit_account_transactions"
)
TOKEN_URL = "/admin/oauth/access_token"
CREATE_CODE = """
mutation Create($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id codeDiscount { ... on DiscountCodeBasic { status asyncUsageCount } } }
    userErrors { field code message }
  }
}
"""
CREATE_FREE_SHIPPING = """
mutation Create($discount: DiscountCodeFreeShippingInput!) {
  discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {
    codeDiscountNode { id }
    userErrors { field code message }
  }
}
"""
SUBSCRIBE = """
mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: $uri}) {
    webhookSubscription { id topic uri }
    userErrors { field message }
  }
}
"""


class AnApp:
    """An app that has come back from consent with a code."""

    def __init__(self, client: FlaskClient, callback: str) -> None:
        self.client = client
        self.come_back(callback)

    def come_back(self, callback: str) -> None:
        """Come back from consent, with a code to exchange."""
        self.callback = dict(parse_qsl(urlsplit(callback).query))
        self.token = self.ask_token(code=self.callback["code"], expiring="1").json

    def ask_token(self, **given: str) -> Any:
        """Ask the token endpoint for something."""
        who = {"client_id": "the-app", "client_secret": SECRET}
        return self.client.post(TOKEN_URL, json=who | given)

    def refresh(self, refresh_token: str) -> Any:
        """Trade a refresh token for a new pair."""
        return self.ask_token(grant_type="refresh_token", refresh_token=refresh_token)

    def call(self, document: str, /, *, token: str | None = None, **variables: Any) -> Any:
        """Ask the Admin API."""
        return self.client.post(
            "/admin/api/2026-10/graphql.json",
            json={"query": document, "variables": variables},
            headers={"X-Shopify-Access-Token": token or self.token["access_token"]},
        )

    def data(self, document: str, /, **variables: Any) -> dict[str, Any]:
        """The data of an answer that has no errors."""
        answer = self.call(document, **variables)
        assert answer.status_code == 200
        assert "errors" not in answer.json, answer.json["errors"]
        return answer.json["data"]

    def subscribe(self, *topics: str) -> None:
        """Ask to hear of topics."""
        for topic in topics:
            self.data(SUBSCRIBE, topic=topic, uri=f"{APP}/webhooks")

    def make_code(self, code: str, **changes: Any) -> dict[str, Any]:
        """A code for 50 kr. off that anyone can use once, unless told otherwise."""
        discount: dict[str, Any] = {
            "title": "50 kr. off",
            "code": code,
            "startsAt": "2026-01-01T00:00:00Z",
            "context": {"all": "ALL"},
            "customerGets": {
                "value": {"discountAmount": {"amount": "50.00", "appliesOnEachItem": False}},
                "items": {"all": True},
            },
            "usageLimit": 1,
        }
        made = self.data(CREATE_CODE, discount=discount | changes)
        return made["discountCodeBasicCreate"]

    def make_free_shipping(self, code: str, **changes: Any) -> dict[str, Any]:
        """A code for free shipping."""
        discount: dict[str, Any] = {
            "title": "Free shipping",
            "code": code,
            "startsAt": "2026-01-01T00:00:00Z",
            "context": {"all": "ALL"},
            "destination": {"all": True},
        }
        made = self.data(CREATE_FREE_SHIPPING, discount=discount | changes)
        return made["discountCodeFreeShippingCreate"]
