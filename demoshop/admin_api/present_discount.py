"""Discount codes, as the Admin API answers them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from demoshop.admin_api.pages import listed
from demoshop.admin_api.present_order import customer_node
from demoshop.admin_api.words import bag, gid, moment, money
from demoshop.money import amount
from demoshop.records.customer import Customer
from demoshop.records.discount import Discount


def discount_node(session: Session, discount: Discount, at: datetime) -> dict[str, Any]:
    """A DiscountCodeNode."""
    common = _common(session, discount, at)
    if discount.free_shipping:
        special: dict[str, Any] = {
            "__typename": "DiscountCodeFreeShipping",
            "destinationSelection": {"__typename": "DiscountCountryAll", "allCountries": True},
        }
    else:
        special = {
            "__typename": "DiscountCodeBasic",
            "customerGets": {
                "items": {"__typename": "AllDiscountItems", "allItems": True},
                "value": _value(discount),
            },
        }
    return {
        "__typename": "DiscountCodeNode",
        "id": gid("DiscountCodeNode", discount.id),
        "codeDiscount": common | special,
    }


def _common(session: Session, discount: Discount, at: datetime) -> dict[str, Any]:
    code = {
        "id": gid("DiscountRedeemCode", discount.id),
        "code": discount.code,
        "asyncUsageCount": discount.used,
    }
    return {
        "title": discount.title,
        "summary": summary(discount),
        "status": discount.status(at),
        "startsAt": moment(discount.starts_at),
        "endsAt": moment(discount.ends_at),
        "createdAt": moment(discount.created_at),
        "updatedAt": moment(discount.updated_at),
        "usageLimit": discount.usage_limit,
        "asyncUsageCount": discount.used,
        "appliesOncePerCustomer": discount.once_per_customer,
        "codes": listed([code]),
        "combinesWith": {
            "orderDiscounts": "order" in discount.combines_with,
            "productDiscounts": "product" in discount.combines_with,
            "shippingDiscounts": "shipping" in discount.combines_with,
        },
        "context": _context(session, discount),
        "minimumRequirement": _minimum(discount),
    }


def summary(discount: Discount) -> str:
    """A discount in a few words."""
    if discount.free_shipping:
        return "Free shipping on entire order"
    if discount.percentage is not None:
        return f"{discount.percentage * 100:g}% off entire order"
    return f"{amount(discount.amount_minor or 0)} kr. off entire order"


def _context(session: Session, discount: Discount) -> dict[str, Any]:
    if discount.customer_ids is None:
        return {"__typename": "DiscountBuyerSelectionAll", "all": "ALL"}
    chosen = [session.get(Customer, number) for number in discount.customer_ids]
    return {
        "__typename": "DiscountCustomers",
        "customers": [customer_node(customer) for customer in chosen if customer],
    }


def _minimum(discount: Discount) -> dict[str, Any] | None:
    if discount.minimum_minor is not None:
        return {
            "__typename": "DiscountMinimumSubtotal",
            "greaterThanOrEqualToSubtotal": money(discount.minimum_minor),
        }
    if discount.minimum_quantity is not None:
        return {
            "__typename": "DiscountMinimumQuantity",
            "greaterThanOrEqualToQuantity": discount.minimum_quantity,
        }
    return None


def _value(discount: Discount) -> dict[str, Any]:
    if discount.percentage is not None:
        return {"__typename": "DiscountPercentage", "percentage": discount.percentage}
    return {
        "__typename": "DiscountAmount",
        "amount": bag(discount.amount_minor or 0)["shopMoney"],
        "appliesOnEachItem": False,
    }
