"""Refunds, as the Admin API answers them."""

from typing import Any

from demoshop.admin_api.pages import listed
from demoshop.admin_api.present_line import line_node
from demoshop.admin_api.words import bag, gid, moment
from demoshop.money import tax_in
from demoshop.records.order import Order, Refund


def refund_node(order: Order, refund: Refund) -> dict[str, Any]:
    """A Refund."""
    money = refund.goods_minor + refund.shipping_minor
    return {
        "__typename": "Refund",
        "id": gid("Refund", refund.id),
        "legacyResourceId": refund.id,
        "note": refund.note,
        "createdAt": moment(refund.created_at),
        "processedAt": moment(refund.created_at),
        "updatedAt": moment(refund.created_at),
        "totalRefundedSet": bag(money if refund.transaction_id else 0),
        "orderAdjustments": listed(_adjustments(refund)),
        "refundLineItems": listed(_lines(order, refund)),
        "transactions": listed(_transactions(order, refund, money)),
    }


def _lines(order: Order, refund: Refund) -> list[dict[str, Any]]:
    return [
        {
            "id": gid("RefundLineItem", part.id),
            "quantity": part.quantity,
            "restockType": refund.restock_type.upper(),
            "restocked": True,
            "subtotalSet": bag(part.amount_minor - part.tax_minor),
            "totalTaxSet": bag(part.tax_minor),
            "lineItem": line_node(order, part.line),
        }
        for part in refund.lines
    ]


def _adjustments(refund: Refund) -> list[dict[str, Any]]:
    if not refund.shipping_minor:
        return []
    tax = tax_in(refund.shipping_minor)
    return [
        {
            "__typename": "OrderAdjustment",
            "id": gid("OrderAdjustment", refund.id + 1_000_000_000),
            # Only a discrepancy has a reason; this is shipping.
            "reason": None,
            "amountSet": bag(tax - refund.shipping_minor),
            "taxAmountSet": bag(-tax),
        }
    ]


def _transactions(order: Order, refund: Refund, money: int) -> list[dict[str, Any]]:
    if refund.transaction_id is None:
        return []
    return [
        {
            "__typename": "OrderTransaction",
            "id": gid("OrderTransaction", refund.transaction_id),
            "amountSet": bag(money),
            "createdAt": moment(refund.created_at),
            "processedAt": moment(refund.created_at),
            "gateway": order.gateway,
            "kind": "REFUND",
            "status": "SUCCESS",
            "test": order.test,
        }
    ]
