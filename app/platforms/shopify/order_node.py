"""An order as GraphQL answers it, written the way webhooks write it.

So there is one place that computes what a line costs, and an order that was read says the same as
one that was sent. That matters: of two versions with one time the books keep either.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.order import Order
from app.platforms.base import Fingerprint
from app.platforms.shopify.answers import nodes, part
from app.platforms.shopify.reading import Record, inner, moment, records
from app.platforms.shopify.translate_order import order_in, order_paid_at

_DISCREPANCY, _SHIPPING = "refund_discrepancy", "shipping_refund"


def order_from(node: Record, fingerprint: Fingerprint) -> Order:
    """The order in a node that has all its lines."""
    payload = _payload(node)
    came_at = [moment(one, "processedAt") for one in records(node, "transactions") if _paid(one)]
    if not came_at:
        return order_in(payload, fingerprint)
    return order_paid_at(payload, fingerprint, max(came_at))


def _paid(transaction: Record) -> bool:
    """Whether money came in by it, and when is told."""
    has_come = transaction.get("kind") in ("SALE", "CAPTURE")
    succeeded = transaction.get("status") == "SUCCESS"
    return has_come and succeeded and transaction.get("processedAt") is not None


def _payload(node: Record) -> dict[str, Any]:
    codes = [str(code) for code in node.get("discountCodes") or ()]
    return {
        "id": node.get("id"),
        "name": node.get("name"),
        "test": node.get("test"),
        "source_name": node.get("sourceName"),
        "email": node.get("email"),
        "customer": _customer(inner(node, "customer")),
        "currency": node.get("currencyCode"),
        "taxes_included": node.get("taxesIncluded"),
        "financial_status": _lower(node.get("displayFinancialStatus")),
        "fulfillment_status": _lower(node.get("displayFulfillmentStatus")),
        "created_at": node.get("createdAt"),
        "processed_at": node.get("processedAt"),
        "updated_at": node.get("updatedAt"),
        "cancelled_at": node.get("cancelledAt"),
        "discount_codes": [{"code": code} for code in codes],
        "discount_applications": [
            {"type": "discount_code", "code": code} for code in _allocated_codes(node)
        ],
        "total_tip_received_set": _money(node.get("totalTipReceivedSet")),
        "line_items": [_line(line, node) for line in nodes(part(node, "lineItems"))],
        "shipping_lines": [_shipping(line, node) for line in nodes(part(node, "shippingLines"))],
        "fulfillments": [
            {"status": _lower(parcel.get("status")), "created_at": parcel.get("createdAt")}
            for parcel in records(node, "fulfillments")
        ],
        "refunds": [_refund(refund) for refund in records(node, "refunds")],
    }


def _customer(customer: Record | None) -> dict[str, Any] | None:
    if customer is None:
        return None
    address = inner(customer, "defaultEmailAddress") or {}
    return {"id": customer.get("id"), "email": address.get("emailAddress")}


def _line(line: Record, order: Record) -> dict[str, Any]:
    return {
        "id": line.get("id"),
        "title": line.get("title"),
        "sku": line.get("sku"),
        "vendor": line.get("vendor"),
        "product_id": (inner(line, "product") or {}).get("id"),
        "quantity": line.get("quantity"),
        "current_quantity": line.get("currentQuantity"),
        "gift_card": line.get("isGiftCard"),
        "taxable": line.get("taxable"),
        "requires_shipping": line.get("requiresShipping"),
        "price_set": _money(line.get("originalUnitPriceSet")),
        "tax_lines": _tax_lines(line),
        "discount_allocations": _allocations(line, order),
    }


def _shipping(line: Record, order: Record) -> dict[str, Any]:
    return {
        "price_set": _money(line.get("originalPriceSet")),
        "tax_lines": _tax_lines(line),
        "discount_allocations": _allocations(line, order),
    }


def _refund(refund: Record) -> dict[str, Any]:
    """GraphQL does not say what kind an adjustment is; only a discrepancy has a reason."""
    return {
        "id": refund.get("id"),
        "refund_line_items": [
            {
                "line_item_id": part(line, "lineItem").get("id"),
                "quantity": line.get("quantity"),
            }
            for line in nodes(part(refund, "refundLineItems"))
        ],
        "order_adjustments": [
            {
                "kind": _DISCREPANCY if adjustment.get("reason") else _SHIPPING,
                "amount_set": _money(adjustment.get("amountSet")),
                "tax_amount_set": _money(adjustment.get("taxAmountSet")),
            }
            for adjustment in nodes(part(refund, "orderAdjustments"))
        ],
    }


def _tax_lines(line: Record) -> list[dict[str, Any]]:
    return [{"price_set": _money(tax.get("priceSet"))} for tax in records(line, "taxLines")]


def _allocations(line: Record, order: Record) -> list[dict[str, Any]]:
    codes = _allocated_codes(order)
    return [
        {
            "amount_set": _money(allocation.get("allocatedAmountSet")),
            "discount_application_index": codes.index(code) if code in codes else None,
        }
        for allocation in records(line, "discountAllocations")
        for code in [_code(allocation)]
    ]


def _allocated_codes(order: Record) -> list[str]:
    """The codes that took something off a line or the shipping, each once."""
    lines = (*nodes(part(order, "lineItems")), *nodes(part(order, "shippingLines")))
    codes = {_code(entry) for line in lines for entry in records(line, "discountAllocations")}
    return sorted(codes - {""})


def _code(allocation: Record) -> str:
    """The code of an allocation, empty for a discount that has none."""
    application = inner(allocation, "discountApplication") or {}
    return str(application.get("code") or "")


def _money(bag: object) -> dict[str, Any] | None:
    if not isinstance(bag, Mapping):
        return None
    return {"shop_money": inner(bag, "shopMoney")}


def _lower(name: object) -> str | None:
    return str(name).lower() if name is not None else None
