"""Many codes under one discount: added in bulk, found again, and deleted one by one.

Shopify adds and deletes them in its own time. What it has made is asked of the discount itself,
since only the code tells whether an earlier try has made it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.issued import Discount, PooledCode
from app.platforms.base import PlatformError
from app.platforms.shopify import discounts
from app.platforms.shopify.answers import nodes, part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.failures import Doubtful
from app.platforms.shopify.queries import query

_ADD = query("pool_add")
_ADDED = query("pool_added")
_CODE = query("pool_code")
_REMOVE = query("pool_remove")


def open_pool(client: Client, parent: Discount) -> str:
    """Make the parent discount, or take the one that an earlier try has made; its id."""
    discounts.create(client, parent)
    node = discounts.by_code(client, parent.code)
    if node is None:
        raise PlatformError(f"{parent.code} was made and cannot be found yet.", permanent=False)
    return _id(node)


def add(client: Client, pool: str, codes: Sequence[str]) -> str:
    """Begin to add codes; those that exist already are left as they are."""
    asked = [{"code": code} for code in codes]
    answer = part(client.ask(_ADD, pool=pool, codes=asked), "discountRedeemCodeBulkAdd")
    if errors := user_errors(answer):
        raise discounts.refusal(errors)
    return _id(part(answer, "bulkCreation"))


def added(client: Client, adding: str) -> Mapping[str, str] | None:
    """The codes that an adding has made, with their ids; None while it is under way.

    An adding that Shopify has forgotten has made nothing that it could tell us of.
    """
    data = client.ask(_ADDED, adding=adding)
    if data.get("discountRedeemCodeBulkCreation") is None:
        return {}
    creation = part(data, "discountRedeemCodeBulkCreation")
    if creation.get("done") is not True:
        return None
    made = nodes(part(creation, "codes"))
    return {
        str(one.get("code")): _id(part(one, "discountRedeemCode"))
        for one in made
        if one.get("discountRedeemCode") is not None
    }


def find(client: Client, pool: str, code: str) -> PooledCode | None:
    """A code of this pool; None when nobody has it, or another discount has."""
    data = client.ask(_CODE, code=code)
    if data.get("codeDiscountNodeByCode") is None:
        return None
    node = part(data, "codeDiscountNodeByCode")
    if node.get("id") != pool:
        return None
    for one in nodes(part(node, "codeDiscount", "codes")):
        if str(one.get("code")).upper() == code.upper():
            uses = one.get("asyncUsageCount")
            return PooledCode(_id(one), uses if isinstance(uses, int) else 0)
    # The discount is found by its codes at once, its codes by a search that may lag behind.
    raise PlatformError(f"{code} is in its pool and cannot be found yet.", permanent=False)


def remove(client: Client, pool: str, codes: Sequence[str]) -> None:
    """Begin to delete codes; those that are deleted already are no mistake."""
    data = client.ask(_REMOVE, pool=pool, codes=list(codes))
    if errors := user_errors(part(data, "discountCodeRedeemCodeBulkDelete")):
        raise discounts.refusal(errors)


def _id(node: Mapping[str, Any]) -> str:
    found = node.get("id")
    if not isinstance(found, str):
        raise Doubtful("Shopify's answer has no 'id'.")
    return found
