"""Orders, as webhooks describe them: as placed, and as they are now."""

from datetime import datetime
from typing import Any

from demoshop.host.payloads.customer import order_customer
from demoshop.host.payloads.line import line_body, tax_lines
from demoshop.host.payloads.refund import refund_body
from demoshop.host.payloads.shop import stamp
from demoshop.money import CURRENCY, amount, money_set, tax_in
from demoshop.records.order import Order


def order_body(order: Order) -> dict[str, Any]:
    """The whole order, the same for every topic that is about one."""
    return _head(order) | _money(order) | _content(order)


def _head(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order.id}",
        "app_id": None,
        "browser_ip": None,
        "buyer_accepts_marketing": False,
        "cancel_reason": order.cancel_reason,
        "cancelled_at": stamp(order.canceled_at) if order.canceled_at else None,
        "cart_token": None,
        "checkout_token": None,
        "closed_at": None,
        "confirmed": True,
        "contact_email": order.email,
        "created_at": stamp(order.created_at),
        "currency": CURRENCY,
        "customer_locale": order.locale,
        "device_id": None,
        "duties_included": False,
        "email": order.email,
        "estimated_taxes": False,
        "financial_status": order.financial_status,
        "fulfillment_status": order.fulfillment_status,
        "location_id": 81_000_000_001 if order.source == "pos" else None,
        "name": order.name,
        "note": None,
        "note_attributes": [],
        "number": order.number - 1000,
        "order_number": order.number,
        "payment_gateway_names": order.gateways,
        "phone": None,
        "presentment_currency": CURRENCY,
        "processed_at": stamp(order.created_at),
        "source_name": order.source,
        "tags": "",
        "tax_exempt": False,
        "taxes_included": True,
        "test": order.test,
        "updated_at": stamp(order.updated_at),
        "user_id": None,
    }


def _money(order: Order) -> dict[str, Any]:
    """Every amount twice: as a string and as a set."""
    back = order.refunded_goods_minor + order.refunded_shipping_minor
    gone = order.canceled_at is not None
    current_goods = 0 if gone else order.goods_minor - order.refunded_goods_minor
    current_shipping = 0 if gone else order.shipping_net_minor - order.refunded_shipping_minor
    current_tax = 0 if gone else order.tax_minor - _refunded_tax(order)
    owed = 0 if order.paid or gone else order.total_minor - back
    amounts = {
        "current_subtotal_price": current_goods,
        "current_total_discounts": 0 if gone else order.discount_minor,
        "current_total_price": current_goods + current_shipping,
        "current_total_tax": current_tax,
        "subtotal_price": order.goods_minor,
        "total_discounts": order.discount_minor,
        "total_line_items_price": sum(line.gross_minor for line in order.lines),
        "total_price": order.total_minor,
        "total_tax": order.tax_minor,
    }
    told: dict[str, Any] = {name: amount(minor) for name, minor in amounts.items()}
    told |= {f"{name}_set": money_set(minor) for name, minor in amounts.items()}
    return told | {
        "current_shipping_price_set": money_set(current_shipping),
        "total_shipping_price_set": money_set(order.shipping_minor),
        "total_outstanding": amount(owed),
        "total_tip_received": "0.00",
        "total_weight": sum(400 * line.quantity for line in order.lines),
        "tax_lines": tax_lines(order.tax_minor),
    }


def _refunded_tax(order: Order) -> int:
    goods = sum(part.tax_minor for refund in order.refunds for part in refund.lines)
    return goods + tax_in(order.refunded_shipping_minor)


def _content(order: Order) -> dict[str, Any]:
    return {
        "customer": order_customer(order.customer) if order.customer else None,
        "discount_codes": [
            {
                "code": applied["code"],
                "amount": amount(int(str(applied["amount_minor"]))),
                "type": "shipping"
                if applied["target"] == "shipping_line"
                else applied["value_type"],
            }
            for applied in order.applied_codes
        ],
        "discount_applications": [
            {
                "target_type": applied["target"],
                "type": "discount_code",
                "value": applied["value"],
                "value_type": applied["value_type"],
                "allocation_method": "each" if applied["target"] == "shipping_line" else "across",
                "target_selection": applied.get("selection", "all"),
                "code": applied["code"],
            }
            for applied in order.applied_codes
        ],
        "fulfillments": [_parcel(order, order.fulfilled_at)] if order.fulfilled_at else [],
        "line_items": [line_body(order, line) for line in order.lines],
        "refunds": [refund_body(order, refund) for refund in order.refunds],
        "shipping_lines": [_shipping(order)] if order.shipping_minor else [],
        "billing_address": None,
        "shipping_address": None,
        "payment_terms": None,
        "returns": [],
        "line_item_groups": [],
    }


def _parcel(order: Order, sent_at: datetime) -> dict[str, Any]:
    """The one parcel in which everything was sent."""
    return {
        "id": order.fulfillment_id,
        "admin_graphql_api_id": f"gid://shopify/Fulfillment/{order.fulfillment_id}",
        "order_id": order.id,
        "name": f"{order.name}.1",
        "service": "manual",
        "status": "success",
        "shipment_status": None,
        "tracking_company": None,
        "tracking_number": None,
        "tracking_numbers": [],
        "tracking_url": None,
        "tracking_urls": [],
        "created_at": stamp(sent_at),
        "updated_at": stamp(sent_at),
    }


def _shipping(order: Order) -> dict[str, Any]:
    index = next(
        (i for i, a in enumerate(order.applied_codes) if a["target"] == "shipping_line"), None
    )
    allocations = []
    if index is not None:
        off = order.shipping_discount_minor
        allocations.append(
            {
                "amount": amount(off),
                "amount_set": money_set(off),
                "discount_application_index": index,
            }
        )
    return {
        "id": order.id + 1_000_000_000_000,
        "carrier_identifier": None,
        "code": "standard",
        "title": "Standard",
        "price": amount(order.shipping_minor),
        "price_set": money_set(order.shipping_minor),
        "discounted_price": amount(order.shipping_net_minor),
        "discounted_price_set": money_set(order.shipping_net_minor),
        "is_removed": False,
        "phone": None,
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "tax_lines": tax_lines(tax_in(order.shipping_net_minor)),
        "discount_allocations": allocations,
    }
