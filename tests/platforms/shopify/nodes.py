"""Answers of the Admin GraphQL, written by hand: the same orders as in `bodies`, read."""

from typing import Any


def connection(*nodes: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    """One page of a connection; `after` is where the next one begins."""
    return {
        "nodes": list(nodes),
        "pageInfo": {"hasNextPage": after is not None, "endCursor": after},
    }


def money(amount: str) -> dict[str, Any]:
    """An amount in the shop's money."""
    return {"shopMoney": {"amount": amount}}


def an_allocation(amount: str, code: str | None = None) -> dict[str, Any]:
    """What a code took off a line, or a discount without one."""
    return {
        "allocatedAmountSet": money(amount),
        "discountApplication": {"code": code} if code else {},
    }


def a_line(price: str = "120.0", **changes: Any) -> dict[str, Any]:
    """One blue mug."""
    facts: dict[str, Any] = {
        "id": "gid://shopify/LineItem/5001",
        "title": "Blue mug",
        "sku": "MUG-BLUE",
        "vendor": "Nordlys",
        "quantity": 1,
        "currentQuantity": 1,
        "isGiftCard": False,
        "taxable": True,
        "requiresShipping": True,
        "product": {"id": "gid://shopify/Product/301"},
        "originalUnitPriceSet": money(price),
        "discountAllocations": [],
        "taxLines": [{"priceSet": money("24.0")}],
    }
    return facts | changes


def a_refund(**changes: Any) -> dict[str, Any]:
    """The blue mug came back."""
    facts: dict[str, Any] = {
        "id": "gid://shopify/Refund/9001",
        "refundLineItems": connection(
            {"quantity": 1, "lineItem": {"id": "gid://shopify/LineItem/5001"}}
        ),
        "orderAdjustments": {"nodes": []},
    }
    return facts | changes


def an_adjustment(amount: str, reason: str | None = "REFUND_DISCREPANCY") -> dict[str, Any]:
    """A difference between what the lines are worth and what was given back."""
    return {"reason": reason, "amountSet": money(amount), "taxAmountSet": money("0.0")}


def a_payment(at: str | None, kind: str = "SALE", status: str = "SUCCESS") -> dict[str, Any]:
    """Money that came in, or was to."""
    return {"kind": kind, "status": status, "processedAt": at}


def an_order(**changes: Any) -> dict[str, Any]:
    """The paid web order of one blue mug, as it is read."""
    facts: dict[str, Any] = {
        "id": "gid://shopify/Order/1001",
        "name": "#1001",
        "test": False,
        "sourceName": "web",
        "email": "signe@example.com",
        "createdAt": "2026-11-20T11:00:03Z",
        "processedAt": "2026-11-20T11:00:00Z",
        "updatedAt": "2026-11-20T11:00:05Z",
        "cancelledAt": None,
        "currencyCode": "DKK",
        "taxesIncluded": True,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "discountCodes": [],
        "totalTipReceivedSet": money("0.0"),
        "customer": {
            "id": "gid://shopify/Customer/7",
            "defaultEmailAddress": {"emailAddress": "signe@example.com"},
        },
        "transactions": [a_payment("2026-11-20T11:00:00Z")],
        "fulfillments": [],
        "lineItems": connection(a_line()),
        "shippingLines": {
            "nodes": [
                {
                    "originalPriceSet": money("39.0"),
                    "discountAllocations": [],
                    "taxLines": [{"priceSet": money("7.8")}],
                }
            ]
        },
        "refunds": [],
    }
    return facts | changes


def a_customer(number: int, email: str | None = None, **changes: Any) -> dict[str, Any]:
    """A customer, who changed on the day on which orders do."""
    facts: dict[str, Any] = {
        "id": f"gid://shopify/Customer/{number}",
        "updatedAt": "2026-11-20T11:00:05Z",
        "defaultEmailAddress": {"emailAddress": email} if email else None,
    }
    return facts | changes


def a_code(code: str, number: int = 1, title: str | None = None) -> dict[str, Any]:
    """A discount with a code, in a list of discounts."""
    discount = {"title": title or f"Stamkunde {code}", "codes": {"nodes": [{"code": code}]}}
    return {"id": f"gid://shopify/DiscountNode/{number}", "discount": discount}
