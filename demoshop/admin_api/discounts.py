"""Making, finding and ending discount codes."""

from datetime import datetime
from typing import Any

from graphql import GraphQLResolveInfo

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.discount_rules import (
    discount_errors,
    entitled_collections,
    entitled_products,
    wanted_customers,
)
from demoshop.admin_api.pages import connection
from demoshop.admin_api.present_discount import discount_node
from demoshop.admin_api.search import matches, sortable
from demoshop.admin_api.words import number_in
from demoshop.money import minor
from demoshop.records.discount import Discount, codes_under, discount_by_code, discounts
from demoshop.records.setting import next_number
from demoshop.selling.withdraw import withdraw

GONE = "Code discount does not exist."
KINDS = {
    "orderDiscounts": "order",
    "productDiscounts": "product",
    "shippingDiscounts": "shipping",
}


def code_discount_node(info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002
    """A discount by its id."""
    caller = _reader(info, "codeDiscountNode")
    found = caller.session.get(Discount, number_in("DiscountCodeNode", id))
    return discount_node(caller.session, found, caller.at) if found else None


def code_discount_node_by_code(info: GraphQLResolveInfo, code: str) -> dict[str, Any] | None:
    """A discount by its code, whatever the case: the read to trust after a lost answer."""
    caller = _reader(info, "codeDiscountNodeByCode")
    found = discount_by_code(caller.session, code)
    return discount_node(caller.session, found, caller.at) if found else None


def discount_list(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """Discounts by a query. Codes that were added in bulk are under theirs."""
    caller = _reader(info, "discountNodes")
    field = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at", "ID": "id"}[args["sortKey"]]
    rows = [
        row
        for row in discounts(caller.session)
        if row.parent_id is None and matches(args.get("query"), _facts(row, caller.at))
    ]
    return connection(
        rows, lambda row: (sortable(row, field), row.id), lambda row: _listed(caller, row), args
    )


def _facts(row: Discount, at: datetime) -> dict[str, Any]:
    return {"id": row.id, "title": row.title, "status": row.status(at), "times_used": row.used}


def _listed(caller: Caller, row: Discount) -> dict[str, Any]:
    node = discount_node(caller.session, row, caller.at)
    return {"__typename": "DiscountNode", "id": node["id"], "discount": node["codeDiscount"]}


def basic_create(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """An amount or a percentage off the goods."""
    return _create(info, "discountCodeBasicCreate", "basicCodeDiscount", args)


def free_shipping_create(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """Shipping for nothing."""
    return _create(info, "discountCodeFreeShippingCreate", "freeShippingCodeDiscount", args)


def deactivate(info: GraphQLResolveInfo, id: str) -> dict[str, Any]:  # noqa: A002
    """End a code now. It stays taken, and can still be found."""
    caller = _writer(info, "discountCodeDeactivate")
    found = caller.session.get(Discount, number_in("DiscountCodeNode", id))
    if found is None:
        return {"codeDiscountNode": None, "userErrors": [_gone()]}
    for one in (found, *codes_under(caller.session, found)):
        if one.ends_at is None or one.ends_at > caller.at:
            one.ends_at = one.updated_at = caller.at
    node = discount_node(caller.session, found, caller.at)
    return {"codeDiscountNode": node, "userErrors": []}


def delete(info: GraphQLResolveInfo, id: str) -> dict[str, Any]:  # noqa: A002
    """Remove a code, so that it is free again."""
    caller = _writer(info, "discountCodeDelete")
    found = caller.session.get(Discount, number_in("DiscountCodeNode", id))
    if found is None:
        return {"deletedCodeDiscountId": None, "userErrors": [_gone()]}
    withdraw(caller.session, found, at=caller.at)
    return {"deletedCodeDiscountId": id, "userErrors": []}


def _create(
    info: GraphQLResolveInfo, field: str, argument: str, args: dict[str, Any]
) -> dict[str, Any]:
    caller = _writer(info, field)
    given = args[argument]
    starts_at = given.get("startsAt") or caller.at
    errors = discount_errors(caller.session, argument, given, starts_at)
    if errors:
        return {"codeDiscountNode": None, "userErrors": errors}
    made = _discount(caller, given, free_shipping=argument == "freeShippingCodeDiscount")
    caller.session.add(made)
    caller.session.flush()
    node = discount_node(caller.session, made, caller.at)
    return {"codeDiscountNode": node, "userErrors": []}


def _discount(caller: Caller, given: dict[str, Any], *, free_shipping: bool) -> Discount:
    value = (given.get("customerGets") or {}).get("value") or {}
    minimum = given.get("minimumRequirement") or {}
    subtotal = (minimum.get("subtotal") or {}).get("greaterThanOrEqualToSubtotal")
    combines = given.get("combinesWith") or {}
    off = (value.get("discountAmount") or {}).get("amount")
    return Discount(
        id=next_number(caller.session, "discount", 1_540_000_000_001),
        code=given["code"].strip(),
        title=given["title"].strip(),
        free_shipping=free_shipping,
        percentage=value.get("percentage"),
        product_ids=entitled_products(given) or None,
        collection_ids=entitled_collections(given) or None,
        amount_minor=minor(off) if off is not None else None,
        minimum_minor=minor(subtotal) if subtotal is not None else None,
        minimum_quantity=(minimum.get("quantity") or {}).get("greaterThanOrEqualToQuantity"),
        starts_at=given["startsAt"],
        ends_at=given.get("endsAt"),
        usage_limit=given.get("usageLimit"),
        once_per_customer=bool(given.get("appliesOncePerCustomer")),
        customer_ids=wanted_customers(given),
        combines_with=[kind for name, kind in KINDS.items() if combines.get(name)],
        used=0,
        created_at=caller.at,
        updated_at=caller.at,
    )


def _reader(info: GraphQLResolveInfo, field: str) -> Caller:
    caller: Caller = info.context
    caller.needs("read_discounts", field)
    return caller


def _writer(info: GraphQLResolveInfo, field: str) -> Caller:
    caller: Caller = info.context
    caller.needs("write_discounts", field)
    return caller


def _gone() -> dict[str, Any]:
    return {"field": ["id"], "code": "INVALID", "message": GONE, "extraInfo": None}
