"""Refunds, on their own and inside their order.

The lines' `subtotal` and `total_tax` are JSON numbers while everything else is a string: that is
the platform's habit, and apps must live with it. `subtotal` is without the tax, so that subtotals
and taxes add up to the money that moved.
"""

from typing import Any

from demoshop.host.payloads.line import line_body
from demoshop.host.payloads.shop import stamp
from demoshop.money import CURRENCY, amount, money_set, tax_in
from demoshop.records.order import Order, Refund, RefundLine


def refund_body(order: Order, refund: Refund) -> dict[str, Any]:
    """A refund with its lines, its shipping and its transaction, each if there is one."""
    return {
        "id": refund.id,
        "admin_graphql_api_id": f"gid://shopify/Refund/{refund.id}",
        "order_id": order.id,
        "created_at": stamp(refund.created_at),
        "processed_at": stamp(refund.created_at),
        "note": refund.note or None,
        "user_id": None,
        "restock": refund.restock_type != "no_restock",
        "duties": [],
        "additional_fees": [],
        "total_duties_set": money_set(0),
        "return": None,
        "order_adjustments": _adjustments(order, refund),
        "refund_shipping_lines": [],
        "refund_line_items": [_line(order, refund, part) for part in refund.lines],
        "transactions": _transactions(order, refund),
    }


def _line(order: Order, refund: Refund, part: RefundLine) -> dict[str, Any]:
    subtotal = part.amount_minor - part.tax_minor
    return {
        "id": part.id,
        "quantity": part.quantity,
        "line_item_id": part.line_id,
        "location_id": None,
        "restock_type": refund.restock_type,
        "subtotal": subtotal / 100,
        "subtotal_set": money_set(subtotal),
        "total_tax": part.tax_minor / 100,
        "total_tax_set": money_set(part.tax_minor),
        "line_item": line_body(order, part.line),
    }


def _adjustments(order: Order, refund: Refund) -> list[dict[str, Any]]:
    """Shipping given back: a negative adjustment, so that lines minus adjustments is the money."""
    if not refund.shipping_minor:
        return []
    tax = tax_in(refund.shipping_minor)
    return [
        {
            "id": refund.id + 1_000_000_000,
            "order_id": order.id,
            "refund_id": refund.id,
            "amount": amount(tax - refund.shipping_minor),
            "amount_set": money_set(tax - refund.shipping_minor),
            "tax_amount": amount(-tax),
            "tax_amount_set": money_set(-tax),
            "kind": "shipping_refund",
            "reason": "Shipping refund",
        }
    ]


def _transactions(order: Order, refund: Refund) -> list[dict[str, Any]]:
    if refund.transaction_id is None:
        return []
    money = refund.goods_minor + refund.shipping_minor
    return [
        {
            "id": refund.transaction_id,
            "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{refund.transaction_id}",
            "order_id": order.id,
            "parent_id": order.transaction_id,
            "kind": "refund",
            "gateway": order.gateway,
            "status": "success",
            "message": None,
            "created_at": stamp(refund.created_at),
            "processed_at": stamp(refund.created_at),
            "test": order.test,
            "authorization": None,
            "location_id": None,
            "user_id": None,
            "device_id": None,
            "error_code": None,
            "source_name": order.source,
            "receipt": {},
            "amount": amount(money),
            "currency": CURRENCY,
            "payment_id": f"{order.name}.{refund.id % 1000}",
            "manual_payment_gateway": order.gateway == "bank_deposit",
        }
    ]
