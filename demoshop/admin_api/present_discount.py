"""Discount codes, as the Admin API answers them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from demoshop.admin_api.catalog import collection_node, product_node
from demoshop.admin_api.pages import listed
from demoshop.admin_api.present_order import customer_node
from demoshop.admin_api.words import bag, gid, moment, money
from demoshop.money import amount
from demoshop.products import PRODUCTS
from demoshop.records.customer import Customer
from demoshop.records.discount import Discount, codes_under


def discount_node(session: Session, discount: Discount, at: datetime) -> dict[str, Any]:
    """A DiscountCodeNode; a code that was added in bulk is shown as the discount it is under."""
    if discount.parent_id is not None:
        discount = session.get_one(Discount, discount.parent_id)
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
                "items": _items(discount),
                "value": _value(discount),
            },
        }
    return {
        "__typename": "DiscountCodeNode",
        "id": gid("DiscountCodeNode", discount.id),
        "codeDiscount": common | special,
    }


def _common(session: Session, discount: Discount, at: datetime) -> dict[str, Any]:
    codes = [discount, *codes_under(session, discount)]
    return {
        "title": discount.title,
        "summary": summary(discount),
        "status": discount.status(at),
        "startsAt": moment(discount.starts_at),
        "endsAt": moment(discount.ends_at),
        "createdAt": moment(discount.created_at),
        "updatedAt": moment(discount.updated_at),
        "usageLimit": discount.usage_limit,
        "asyncUsageCount": sum(code.used for code in codes),
        "appliesOncePerCustomer": discount.once_per_customer,
        "codes": _searched(codes),
        "combinesWith": {
            "orderDiscounts": "order" in discount.combines_with,
            "productDiscounts": "product" in discount.combines_with,
            "shippingDiscounts": "shipping" in discount.combines_with,
        },
        "context": _context(session, discount),
        "minimumRequirement": _minimum(discount),
    }


def redeem_code(code: Discount) -> dict[str, Any]:
    """A DiscountRedeemCode."""
    return {
        "id": gid("DiscountRedeemCode", code.id),
        "code": code.code,
        "asyncUsageCount": code.used,
    }


def _searched(codes: list[Discount]) -> Callable[..., dict[str, Any]]:
    def resolve(info: Any, **args: Any) -> dict[str, Any]:
        sought = (args.get("query") or "").casefold()
        found = [redeem_code(code) for code in codes if sought in code.code.casefold()]
        return listed(found)(info, **args)

    return resolve


def _items(discount: Discount) -> dict[str, Any]:
    if discount.product_ids:
        chosen = [product_node(one) for one in PRODUCTS if one.id in discount.product_ids]
        return {"__typename": "DiscountProducts", "products": listed(chosen)}
    if discount.collection_ids:
        shelves = {shelf.id: shelf for one in PRODUCTS for shelf in one.collections}
        named = [collection_node(shelves[i]) for i in discount.collection_ids if i in shelves]
        return {"__typename": "DiscountCollections", "collections": listed(named)}
    return {"__typename": "AllDiscountItems", "allItems": True}


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
