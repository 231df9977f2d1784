"""Customers, as webhooks describe them: since 2026 without tags, totals or consents."""

from typing import Any

from demoshop.host.payloads.shop import stamp
from demoshop.money import CURRENCY
from demoshop.records.customer import Customer


def customer_body(customer: Customer) -> dict[str, Any]:
    """A customer on their own."""
    return order_customer(customer) | {"addresses": [], "default_address": None}


def order_customer(customer: Customer) -> dict[str, Any]:
    """A customer inside an order."""
    return {
        "id": customer.id,
        "created_at": stamp(customer.created_at),
        "updated_at": stamp(customer.updated_at),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "state": "enabled",
        "note": None,
        "verified_email": True,
        "multipass_identifier": None,
        "tax_exempt": False,
        "email": customer.email,
        "phone": None,
        "currency": CURRENCY,
        "tax_exemptions": [],
        "admin_graphql_api_id": f"gid://shopify/Customer/{customer.id}",
    }
