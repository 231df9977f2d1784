"""Adding codes to a discount in bulk, and deleting them."""

from datetime import timedelta
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.discounts import GONE
from demoshop.admin_api.pages import LARGEST_PAGE, listed
from demoshop.admin_api.present_discount import discount_node, redeem_code
from demoshop.admin_api.words import gid, moment, number_in
from demoshop.records.discount import BulkCreation, Discount, discount_by_code
from demoshop.records.setting import next_number

TAKES = timedelta(seconds=1)
"""How long an adding is said to be under way; the app has to wait for it as elsewhere."""
TAKEN = "Code must be unique. Please try a different code."
OF_A_CODE = (
    "title",
    "free_shipping",
    "percentage",
    "amount_minor",
    "minimum_minor",
    "minimum_quantity",
    "product_ids",
    "collection_ids",
    "starts_at",
    "ends_at",
    "usage_limit",
    "once_per_customer",
    "customer_ids",
    "combines_with",
)
"""What a code has from the discount that it is added to."""


def bulk_add(
    info: GraphQLResolveInfo,
    discountId: str,  # noqa: N803 (the platform's own name)
    codes: list[dict[str, str]],
) -> dict[str, Any]:
    """Add codes to a discount; those that are taken are left out, and said so at the end."""
    caller: Caller = info.context
    caller.needs("write_discounts", "discountRedeemCodeBulkAdd")
    if len(codes) > LARGEST_PAGE:
        raise GraphQLError(
            f"The input array size of {len(codes)} is greater than the maximum allowed of 250.",
            extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"},
        )
    parent = caller.session.get(Discount, number_in("DiscountCodeNode", discountId))
    if parent is None:
        return {"bulkCreation": None, "userErrors": [_wrong("discountId", "INVALID", GONE)]}
    wanted = [asked["code"].strip() for asked in codes]
    failed = [code for code in wanted if not _add(caller, parent, code)]
    creation = BulkCreation(
        id=next_number(caller.session, "bulk_creation", 990_000_000_001),
        discount_id=parent.id,
        codes=wanted,
        failed=failed,
        created_at=caller.at,
    )
    caller.session.add(creation)
    caller.session.flush()
    return {"bulkCreation": _creation(caller, creation), "userErrors": []}


def bulk_creation(info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002
    """How far an adding is."""
    caller: Caller = info.context
    caller.needs("read_discounts", "discountRedeemCodeBulkCreation")
    number = number_in("DiscountRedeemCodeBulkCreation", id)
    found = caller.session.get(BulkCreation, number)
    return _creation(caller, found) if found else None


def bulk_delete(
    info: GraphQLResolveInfo,
    discountId: str,  # noqa: N803 (the platform's own name)
    ids: list[str] | None = None,
) -> dict[str, Any]:
    """Delete codes of a discount; its own first one stays."""
    caller: Caller = info.context
    caller.needs("write_discounts", "discountCodeRedeemCodeBulkDelete")
    parent = caller.session.get(Discount, number_in("DiscountCodeNode", discountId))
    if parent is None:
        return {"job": None, "userErrors": [_wrong("discountId", "INVALID", GONE)]}
    for each in ids or []:
        row = caller.session.get(Discount, number_in("DiscountRedeemCode", each))
        if row is not None and row.parent_id == parent.id:
            caller.session.delete(row)
    caller.session.flush()
    job = {"__typename": "Job", "id": gid("Job", parent.id), "done": True}
    return {"job": job, "userErrors": []}


def _add(caller: Caller, parent: Discount, code: str) -> bool:
    if not code or discount_by_code(caller.session, code) is not None:
        return False
    caller.session.add(
        Discount(
            id=next_number(caller.session, "discount", 1_540_000_000_001),
            code=code,
            parent_id=parent.id,
            used=0,
            created_at=caller.at,
            updated_at=caller.at,
            **{name: getattr(parent, name) for name in OF_A_CODE},
        )
    )
    caller.session.flush()
    return True


def _creation(caller: Caller, creation: BulkCreation) -> dict[str, Any]:
    parent = caller.session.get(Discount, creation.discount_id)
    return {
        "__typename": "DiscountRedeemCodeBulkCreation",
        "id": gid("DiscountRedeemCodeBulkCreation", creation.id),
        "createdAt": moment(creation.created_at),
        "done": caller.at >= creation.created_at + TAKES,
        "codesCount": len(creation.codes),
        "failedCount": len(creation.failed),
        "importedCount": len(creation.codes) - len(creation.failed),
        "discountCode": discount_node(caller.session, parent, caller.at) if parent else None,
        "codes": listed([_code(caller, creation, code) for code in creation.codes]),
    }


def _code(caller: Caller, creation: BulkCreation, code: str) -> dict[str, Any]:
    is_made = code not in creation.failed
    made = discount_by_code(caller.session, code) if is_made else None
    return {
        "code": code,
        "discountRedeemCode": redeem_code(made) if made else None,
        "errors": [] if is_made else [_wrong("code", "TAKEN", TAKEN)],
    }


def _wrong(field: str, code: str, message: str) -> dict[str, Any]:
    return {"field": [field], "code": code, "message": message, "extraInfo": None}
