"""Bodies as Shopify sends them, written by hand: each says only what a test is about."""

from typing import Any


def both(amount: str, currency: str = "DKK", presented: tuple[str, str] | None = None):
    """An amount in the shop's money and in the one the customer saw."""
    seen_amount, seen_currency = presented or (amount, currency)
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {"amount": seen_amount, "currency_code": seen_currency},
    }


def a_line(price: str = "120.00", *, currency: str = "DKK", **changes: Any) -> dict[str, Any]:
    """One blue mug."""
    facts: dict[str, Any] = {
        "id": 5001,
        "admin_graphql_api_id": "gid://shopify/LineItem/5001",
        "title": "Blue mug",
        "name": "Blue mug",
        "sku": "MUG-BLUE",
        "vendor": "Nordlys",
        "product_id": 301,
        "variant_id": 401,
        "quantity": 1,
        "current_quantity": 1,
        "price": price,
        "price_set": both(price, currency),
        "gift_card": False,
        "taxable": True,
        "requires_shipping": True,
        "tax_lines": [],
        "duties": [],
        "discount_allocations": [],
    }
    return facts | changes


def a_gift_card_line(price: str = "200.00", **changes: Any) -> dict[str, Any]:
    """A gift card that was bought."""
    facts = {
        "id": 5002,
        "title": "Gift card",
        "gift_card": True,
        "fulfillment_service": "gift_card",
        "requires_shipping": False,
        "taxable": False,
    }
    return a_line(price, **facts | changes)


def a_tip(price: str = "15.00", **changes: Any) -> dict[str, Any]:
    """A tip, which Shopify lists among the goods."""
    facts = {
        "id": 5003,
        "title": "Tip",
        "sku": None,
        "vendor": None,
        "product_id": None,
        "variant_id": None,
        "requires_shipping": False,
        "taxable": False,
    }
    return a_line(price, **facts | changes)


def a_tax(price: str, currency: str = "DKK") -> dict[str, Any]:
    """A tax line."""
    return {"title": "Moms", "rate": 0.25, "price": price, "price_set": both(price, currency)}


def an_allocation(amount: str, index: int, currency: str = "DKK") -> dict[str, Any]:
    """What one of the order's discounts took off a line."""
    return {
        "amount": amount,
        "amount_set": both(amount, currency),
        "discount_application_index": index,
    }


def a_shipping_line(price: str = "39.00", **changes: Any) -> dict[str, Any]:
    """A parcel by post."""
    facts = {
        "id": 6001,
        "title": "Post",
        "price": price,
        "price_set": both(price),
        "discounted_price": price,
        "discounted_price_set": both(price),
        "is_removed": False,
        "tax_lines": [],
        "discount_allocations": [],
    }
    return facts | changes


def a_customer(**changes: Any) -> dict[str, Any]:
    """Signe, as the newest webhooks describe a customer."""
    facts = {
        "id": 7,
        "email": "signe@example.com",
        "first_name": "Signe",
        "last_name": "Holm",
        "state": "enabled",
        "verified_email": True,
        "phone": None,
        "currency": "DKK",
        "admin_graphql_api_id": "gid://shopify/Customer/7",
    }
    return facts | changes


def an_order(**changes: Any) -> dict[str, Any]:
    """A paid web order of one blue mug, tax included, shipped by post."""
    facts: dict[str, Any] = {
        "id": 1001,
        "admin_graphql_api_id": "gid://shopify/Order/1001",
        "name": "#1001",
        "created_at": "2026-11-20T12:00:03+01:00",
        "processed_at": "2026-11-20T12:00:00+01:00",
        "updated_at": "2026-11-20T12:00:05+01:00",
        "cancelled_at": None,
        "currency": "DKK",
        "presentment_currency": "DKK",
        "taxes_included": True,
        "financial_status": "paid",
        "fulfillment_status": None,
        "source_name": "web",
        "test": False,
        "email": "signe@example.com",
        "contact_email": "signe@example.com",
        "customer": a_customer(),
        "line_items": [a_line(tax_lines=[a_tax("24.00")])],
        "shipping_lines": [a_shipping_line(tax_lines=[a_tax("7.80")])],
        "discount_codes": [],
        "discount_applications": [],
        "fulfillments": [],
        "refunds": [],
        "total_tip_received": "0.00",
    }
    return facts | changes


def a_refund(**changes: Any) -> dict[str, Any]:
    """The blue mug came back."""
    facts: dict[str, Any] = {
        "id": 9001,
        "order_id": 1001,
        "created_at": "2026-11-21T09:00:00+01:00",
        "note": "It was chipped",
        "restock": True,
        "refund_line_items": [a_refund_line()],
        "order_adjustments": [],
        "refund_shipping_lines": [],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "120.00", "currency": "DKK"}
        ],
    }
    return facts | changes


def a_refund_line(**changes: Any) -> dict[str, Any]:
    """One piece of a line, with its money as JSON numbers."""
    facts = {
        "id": 9101,
        "line_item_id": 5001,
        "quantity": 1,
        "restock_type": "return",
        "subtotal": 120.0,
        "total_tax": 24.0,
        "subtotal_set": both("120.00"),
        "total_tax_set": both("24.00"),
    }
    return facts | changes


def an_adjustment(amount: str, *, currency: str = "DKK", **changes: Any) -> dict[str, Any]:
    """A difference between what the lines are worth and what was given back."""
    facts = {
        "id": 9201,
        "kind": "refund_discrepancy",
        "reason": "Refund discrepancy",
        "amount": amount,
        "amount_set": both(amount, currency),
        "tax_amount": "0.00",
        "tax_amount_set": both("0.00", currency),
    }
    return facts | changes
