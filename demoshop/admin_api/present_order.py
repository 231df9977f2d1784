"""Orders, as the Admin API answers them."""

from typing import Any

from demoshop.admin_api.pages import listed
from demoshop.admin_api.present_line import applications, line_node, shipping_node
from demoshop.admin_api.present_refund import refund_node
from demoshop.admin_api.words import bag, gid, moment
from demoshop.money import CURRENCY, tax_in
from demoshop.records.customer import Customer
from demoshop.records.order import Order


def order_node(order: Order) -> dict[str, Any]:
    """An Order."""
    codes = [str(applied["code"]) for applied in order.applied_codes]
    shipping = [shipping_node(order)] if order.shipping_minor else []
    sent = order.fulfillment_status == "fulfilled"
    return _money(order) | {
        "__typename": "Order",
        "id": gid("Order", order.id),
        "legacyResourceId": order.id,
        "name": order.name,
        "number": order.number,
        "confirmed": True,
        "edited": False,
        "test": order.test,
        "tags": [],
        "taxesIncluded": True,
        "currencyCode": CURRENCY,
        "presentmentCurrencyCode": CURRENCY,
        "createdAt": moment(order.created_at),
        "processedAt": moment(order.created_at),
        "updatedAt": moment(order.updated_at),
        "cancelledAt": moment(order.canceled_at),
        "cancelReason": order.cancel_reason.upper() if order.cancel_reason else None,
        "customer": customer_node(order.customer) if order.customer else None,
        "customerLocale": order.locale,
        "email": order.email,
        "discountCode": codes[0] if codes else None,
        "discountCodes": codes,
        "discountApplications": listed(applications(order)),
        "displayFinancialStatus": order.financial_status.upper(),
        "displayFulfillmentStatus": "FULFILLED" if sent else "UNFULFILLED",
        "fullyPaid": order.paid,
        "unpaid": not order.paid,
        "paymentGatewayNames": order.gateways,
        "sourceName": order.source,
        "transactions": lambda _info, first=None, **_: _payments(order)[:first],
        "fulfillments": lambda _info, first=None, **_: _parcels(order)[:first],
        "lineItems": listed([line_node(order, line) for line in order.lines]),
        "refunds": lambda _info, first=None: [
            refund_node(order, refund) for refund in order.refunds[:first]
        ],
        "shippingLine": shipping[0] if shipping else None,
        "shippingLines": listed(shipping),
    }


def _payments(order: Order) -> list[dict[str, Any]]:
    """The one time that money came in; what it came from is told with the order."""
    if not order.paid:
        return []
    paid_at = moment(order.paid_at or order.created_at)
    return [
        {
            "__typename": "OrderTransaction",
            "id": gid("OrderTransaction", order.transaction_id),
            "amountSet": bag(order.total_minor),
            "createdAt": paid_at,
            "processedAt": paid_at,
            "gateway": order.gateway,
            "kind": "SALE",
            "status": "SUCCESS",
            "test": order.test,
        }
    ]


def _parcels(order: Order) -> list[dict[str, Any]]:
    if order.fulfilled_at is None:
        return []
    return [
        {
            "__typename": "Fulfillment",
            "id": gid("Fulfillment", order.fulfillment_id),
            "status": "SUCCESS",
            "createdAt": moment(order.fulfilled_at),
        }
    ]


def _money(order: Order) -> dict[str, Any]:
    back_goods, back_shipping = order.refunded_goods_minor, order.refunded_shipping_minor
    gone = order.canceled_at is not None
    goods = 0 if gone else order.goods_minor - back_goods
    shipping = 0 if gone else order.shipping_net_minor - back_shipping
    back_tax = sum(part.tax_minor for refund in order.refunds for part in refund.lines)
    tax = 0 if gone else order.tax_minor - back_tax - tax_in(back_shipping)
    received = order.total_minor if order.paid else 0
    return {
        "currentShippingPriceSet": bag(shipping),
        "currentSubtotalPriceSet": bag(goods),
        "currentTotalDiscountsSet": bag(0 if gone else order.discount_minor),
        "currentTotalPriceSet": bag(goods + shipping),
        "currentTotalTaxSet": bag(tax),
        "subtotalPriceSet": bag(order.goods_minor),
        "totalDiscountsSet": bag(order.discount_minor),
        "totalOutstandingSet": bag(0 if order.paid or gone else goods + shipping),
        "totalPriceSet": bag(order.total_minor),
        "totalReceivedSet": bag(received),
        "totalRefundedSet": bag(back_goods + back_shipping if order.paid else 0),
        "totalRefundedShippingSet": bag(back_shipping),
        "totalShippingPriceSet": bag(order.shipping_minor),
        "totalTaxSet": bag(order.tax_minor),
        "totalTipReceivedSet": bag(0),
    }


def customer_node(customer: Customer, bought: list[Order] | None = None) -> dict[str, Any]:
    """A Customer; totals only where their orders are at hand."""
    kept = [order for order in bought or [] if order.paid]
    return {
        "__typename": "Customer",
        "id": gid("Customer", customer.id),
        "legacyResourceId": customer.id,
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "displayName": customer.name,
        "email": customer.email,
        "defaultEmailAddress": {"emailAddress": customer.email},
        "locale": customer.locale,
        "tags": list(customer.tags),
        "verifiedEmail": True,
        "createdAt": moment(customer.created_at),
        "updatedAt": moment(customer.updated_at),
        "numberOfOrders": len(bought or []),
        "amountSpent": bag(sum(o.total_minor - o.refunded_goods_minor for o in kept))["shopMoney"],
    }
