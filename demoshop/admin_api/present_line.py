"""Order lines, shipping and the discounts on both, as the Admin API answers them."""

from typing import Any

from demoshop.admin_api.catalog import product_node
from demoshop.admin_api.words import bag, gid, money
from demoshop.money import amount, minor, ratio, tax_in
from demoshop.products import BY_HANDLE
from demoshop.records.order import Order, OrderLine


def line_node(order: Order, line: OrderLine) -> dict[str, Any]:
    """A LineItem."""
    product = BY_HANDLE[line.product]
    left = 0 if order.canceled_at else order.remaining_quantity(line)
    return {
        "__typename": "LineItem",
        "id": gid("LineItem", line.id),
        "name": product.title(),
        "title": product.title(),
        "variantTitle": None,
        "vendor": product.vendor,
        "sku": product.sku,
        "quantity": line.quantity,
        "currentQuantity": left,
        "refundableQuantity": left,
        "isGiftCard": product.gift_card,
        "requiresShipping": not product.gift_card,
        "taxable": not product.gift_card,
        "originalUnitPriceSet": bag(line.price_minor),
        "originalTotalSet": bag(line.gross_minor),
        "totalDiscountSet": bag(line.discount_minor),
        "discountedUnitPriceAfterAllDiscountsSet": bag(ratio(line.net_minor, 1, line.quantity)),
        "discountedTotalSet": lambda _info, withCodeDiscounts=False: bag(  # noqa: N803
            line.net_minor if withCodeDiscounts else line.gross_minor
        ),
        "discountAllocations": [
            {
                "allocatedAmountSet": bag(off),
                "discountApplication": applications(order)[index],
            }
            for index, off in line.allocations
        ],
        "taxLines": lambda _info, first=None: (
            [_tax(line.tax_minor)][:first] if line.tax_minor else []
        ),
        "product": product_node(product),
        "variant": {
            "__typename": "ProductVariant",
            "id": gid("ProductVariant", product.variant_id),
            "legacyResourceId": product.variant_id,
            "price": amount(product.price_minor),
            "sku": product.sku,
            "title": "Default Title",
        },
    }


def shipping_node(order: Order) -> dict[str, Any]:
    """A ShippingLine."""
    off = order.shipping_discount_minor
    return {
        "id": gid("ShippingLine", order.id + 1_000_000_000_000),
        "code": "standard",
        "title": "Standard",
        "isRemoved": False,
        "originalPriceSet": bag(order.shipping_minor),
        "discountedPriceSet": bag(order.shipping_net_minor),
        "taxLines": [_tax(tax_in(order.shipping_net_minor))] if order.shipping_net_minor else [],
        "discountAllocations": [
            {"allocatedAmountSet": bag(off), "discountApplication": application}
            for application in applications(order)
            if application["targetType"] == "SHIPPING_LINE"
        ],
    }


def applications(order: Order) -> list[dict[str, Any]]:
    """The codes of an order, in the order in which allocations count them."""
    return [
        {
            "__typename": "DiscountCodeApplication",
            "index": index,
            "code": applied["code"],
            "allocationMethod": "EACH" if applied["target"] == "shipping_line" else "ACROSS",
            "targetSelection": str(applied.get("selection", "all")).upper(),
            "targetType": str(applied["target"]).upper(),
            "value": _value(applied),
        }
        for index, applied in enumerate(order.applied_codes)
    ]


def _value(applied: dict[str, object]) -> dict[str, Any]:
    if applied["value_type"] == "percentage":
        percentage = float(str(applied["value"]))
        return {"__typename": "PricingPercentageValue", "percentage": percentage}
    return money(minor(str(applied["value"])))


def _tax(tax_minor: int) -> dict[str, Any]:
    return {
        "title": "DK Moms",
        "rate": 0.25,
        "priceSet": bag(tax_minor),
        "channelLiable": False,
    }
