"""Order lines, as orders and refunds both contain them."""

from typing import Any

from demoshop.money import amount, money_set
from demoshop.products import BY_HANDLE
from demoshop.records.order import Order, OrderLine


def tax_lines(tax_minor: int) -> list[dict[str, Any]]:
    """The one tax there is, or none."""
    if not tax_minor:
        return []
    return [
        {
            "title": "DK Moms",
            "rate": 0.25,
            "price": amount(tax_minor),
            "price_set": money_set(tax_minor),
            "channel_liable": False,
        }
    ]


def line_body(order: Order, line: OrderLine) -> dict[str, Any]:
    """A line with its discounts; `total_discount` knows nothing of codes, as on the platform."""
    product = BY_HANDLE[line.product]
    left = 0 if order.canceled_at else order.remaining_quantity(line)
    sent = order.fulfillment_status == "fulfilled"
    return {
        "id": line.id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line.id}",
        "attributed_staffs": [],
        "current_quantity": left,
        "fulfillable_quantity": 0 if sent else left,
        "fulfillment_service": "gift_card" if product.gift_card else "manual",
        "fulfillment_status": "fulfilled" if sent else None,
        "gift_card": product.gift_card,
        "grams": 0 if product.gift_card else 400,
        "name": product.title(),
        "title": product.title(),
        "variant_title": None,
        "price": amount(line.price_minor),
        "price_set": money_set(line.price_minor),
        "product_exists": True,
        "product_id": product.id,
        "variant_id": product.variant_id,
        "properties": [],
        "quantity": line.quantity,
        "requires_shipping": not product.gift_card,
        "sku": product.sku,
        "taxable": not product.gift_card,
        "total_discount": "0.00",
        "total_discount_set": money_set(0),
        "variant_inventory_management": None,
        "vendor": product.vendor,
        "tax_lines": tax_lines(line.tax_minor),
        "duties": [],
        "discount_allocations": [
            {
                "amount": amount(minor),
                "amount_set": money_set(minor),
                "discount_application_index": index,
            }
            for index, minor in line.allocations
        ],
    }
