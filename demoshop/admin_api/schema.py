"""The schema from its .graphql files, with scalars that check what they are given."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, build_schema

from demoshop.admin_api import catalog, discounts, gifts, hooks, metafields, pools, reading
from demoshop.admin_api.words import moment_in

ROOT = {
    "shop": reading.shop,
    "currentAppInstallation": reading.installation,
    "order": reading.order,
    "orders": reading.order_list,
    "customer": reading.customer,
    "customers": reading.customer_list,
    "node": reading.node,
    "product": catalog.product,
    "giftCards": gifts.card_list,
    "discountRedeemCodeBulkCreation": pools.bulk_creation,
    "discountNodes": discounts.discount_list,
    "codeDiscountNode": discounts.code_discount_node,
    "codeDiscountNodeByCode": discounts.code_discount_node_by_code,
    "webhookSubscription": hooks.subscription_by_id,
    "webhookSubscriptions": hooks.subscription_list,
    "scriptTags": hooks.script_tag_list,
    "discountCodeBasicCreate": discounts.basic_create,
    "discountCodeFreeShippingCreate": discounts.free_shipping_create,
    "discountCodeDeactivate": discounts.deactivate,
    "discountCodeDelete": discounts.delete,
    "discountRedeemCodeBulkAdd": pools.bulk_add,
    "discountCodeRedeemCodeBulkDelete": pools.bulk_delete,
    "giftCardCreate": gifts.card_create,
    "storeCreditAccountCredit": gifts.credit,
    "tagsAdd": gifts.tags_add,
    "tagsRemove": gifts.tags_remove,
    "webhookSubscriptionCreate": hooks.subscription_create,
    "webhookSubscriptionDelete": hooks.subscription_delete,
    "metafieldsSet": metafields.set_all,
    "scriptTagCreate": hooks.script_tag_create,
    "scriptTagDelete": hooks.script_tag_delete,
}


def load_schema() -> GraphQLSchema:
    """The schema, ready to run."""
    folder = Path(__file__).parent / "schema"
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.graphql")))
    schema = build_schema(text)
    _checks(schema, "DateTime", _moment)
    _checks(schema, "Decimal", _decimal)
    _checks(schema, "UnsignedInt64", _unsigned)
    return schema


def _checks(schema: GraphQLSchema, name: str, read: Any) -> None:
    scalar = schema.type_map[name]
    assert isinstance(scalar, GraphQLScalarType)
    # Built from text, a scalar takes anything; it can be taught only by replacing its reader.
    scalar.parse_value = read  # type: ignore[method-assign]


def _moment(value: Any) -> datetime:
    try:
        return moment_in(str(value))
    except ValueError as error:
        raise GraphQLError(f"{value!r} is not a DateTime.") from error


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise GraphQLError(f"{value!r} is not a Decimal.") from error


def _unsigned(value: Any) -> int:
    if not str(value).isdigit():
        raise GraphQLError(f"{value!r} is not an UnsignedInt64.")
    return int(value)
