"""Discount codes: made once however often we ask, and switched off when points come back.

Shopify has no idempotency key for discounts. Ours is the code itself: it is unique in the shop and
known before the first try, so a try whose end we do not know is found again by its code.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.issued import Discount
from app.domain.money import amount
from app.platforms.base import PlatformError
from app.platforms.shopify.answers import part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.failures import Doubtful, said
from app.platforms.shopify.ids import gid
from app.platforms.shopify.queries import query

_CREATE_BASIC = query("discount_basic_create")
_CREATE_FREE_SHIPPING = query("discount_free_shipping_create")
_BY_CODE = query("discount_by_code")
_DEACTIVATE = query("discount_deactivate")


def create(client: Client, discount: Discount) -> str | None:
    """Make a single-use code; its id. One that already exists is ours from an earlier try."""
    try:
        answer = _created(client, discount)
    except Doubtful as doubt:
        return _adopt_after(doubt, client, discount.code)
    errors = user_errors(answer)
    if any(error.get("code") == "TAKEN" for error in errors):
        return _adopt(client, discount.code)
    if errors:
        raise refusal(errors)
    return _id_of(answer.get("codeDiscountNode"))


def kill(client: Client, code: str) -> bool:
    """Switch a code off; False when an order has used it. One that never came to be is dead."""
    node = by_code(client, code)
    if node is None:
        return True
    discount = part(node, "codeDiscount")
    if uses_of(discount) > 0:
        return False
    if discount.get("status") == "EXPIRED":
        return True
    answer = part(client.ask(_DEACTIVATE, id=node.get("id")), "discountCodeDeactivate")
    if errors := user_errors(answer):
        raise refusal(errors)
    return True


def _created(client: Client, discount: Discount) -> Mapping[str, Any]:
    if discount.free_shipping:
        data = client.ask(_CREATE_FREE_SHIPPING, discount=_free_shipping(discount))
        return part(data, "discountCodeFreeShippingCreate")
    data = client.ask(_CREATE_BASIC, discount=_basic(discount))
    return part(data, "discountCodeBasicCreate")


def _id_of(node: object) -> str | None:
    found = node.get("id") if isinstance(node, Mapping) else None
    return found if isinstance(found, str) else None


def _adopt_after(doubt: Doubtful, client: Client, code: str) -> str | None:
    """Take the code that a doubtful try has made; when it has made none, the doubt remains."""
    try:
        return _adopt(client, code)
    except PlatformError as error:
        raise doubt from error


def _adopt(client: Client, code: str) -> str | None:
    """Take a code that exists for our own, unless it cannot be; its id.

    Ours can be used once. A code that a merchant made by hand under the same name is not ours to
    hand out, and one that has been switched off would not work.
    """
    node = by_code(client, code)
    if node is None:
        raise PlatformError(f"{code} is taken and cannot be found yet.", permanent=False)
    discount = part(node, "codeDiscount")
    if discount.get("usageLimit") != 1:
        raise PlatformError(f"{code} is already another discount in the shop.", permanent=True)
    if discount.get("status") == "EXPIRED" and uses_of(discount) == 0:
        raise PlatformError(f"{code} has been switched off in the shop.", permanent=True)
    return _id_of(node)


def by_code(client: Client, code: str) -> Mapping[str, Any] | None:
    """The discount that has a code; None when none has."""
    data = client.ask(_BY_CODE, code=code)
    if data.get("codeDiscountNodeByCode") is None:
        return None
    return part(data, "codeDiscountNodeByCode")


def uses_of(discount: Mapping[str, Any]) -> int:
    uses = discount.get("asyncUsageCount")
    return uses if isinstance(uses, int) else 0


def refusal(errors: list[Mapping[str, Any]], what: str = "discount") -> PlatformError:
    """What a refusal in Shopify's words means; only its own trouble passes."""
    broken = any(error.get("code") == "INTERNAL_ERROR" for error in errors)
    return PlatformError(f"Shopify refused the {what}: {said(errors)}", permanent=not broken)


def _basic(discount: Discount) -> dict[str, Any]:
    value: dict[str, Any]
    if discount.off_percent:
        value = {"percentage": discount.off_percent / 100}
    else:
        off = amount(discount.off_minor, discount.currency)
        value = {"discountAmount": {"amount": off, "appliesOnEachItem": False}}
    return _any(discount, combines_with_shipping=discount.combines) | {
        "customerGets": {"items": _items(discount), "value": value}
    }


def _items(discount: Discount) -> dict[str, Any]:
    """What it takes something off. Shopify takes products or collections, not both."""
    if discount.products:
        return {"products": {"productsToAdd": [gid("Product", one) for one in discount.products]}}
    if discount.collections:
        return {"collections": {"add": [gid("Collection", one) for one in discount.collections]}}
    return {"all": True}


def _free_shipping(discount: Discount) -> dict[str, Any]:
    # Two discounts on one shipping line cannot be combined, so asking for it is an error.
    return _any(discount, combines_with_shipping=False) | {"destination": {"all": True}}


def _any(discount: Discount, *, combines_with_shipping: bool) -> dict[str, Any]:
    """What both kinds of discount have in common."""
    facts: dict[str, Any] = {
        "title": discount.title,
        "code": discount.code,
        "startsAt": written(discount.starts_at),
        "endsAt": written(discount.ends_at) if discount.ends_at else None,
        "context": {"all": "ALL"},
        "usageLimit": 1,
        # The limit counts each code, this one all codes of a pool together.
        "appliesOncePerCustomer": not discount.pooled,
        "combinesWith": {
            "orderDiscounts": discount.combines,
            "productDiscounts": discount.combines,
            "shippingDiscounts": combines_with_shipping,
        },
    }
    if discount.customer_id is not None:
        facts["context"] = {"customers": {"add": [gid("Customer", discount.customer_id)]}}
    if discount.minimum_subtotal_minor:
        least = amount(discount.minimum_subtotal_minor, discount.currency)
        facts["minimumRequirement"] = {"subtotal": {"greaterThanOrEqualToSubtotal": least}}
    return facts


def written(moment: datetime) -> str:
    """A moment as Shopify wants it: in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
