"""Metafields of customers: all of a request are written, or none."""

import re
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo
from sqlalchemy.orm import Session

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.words import number_in
from demoshop.records.customer import Customer
from demoshop.records.metafield import APP, Metafield, metafield

MOST_AT_ONCE = 25
TYPES = {
    "number_integer": re.compile(r"-?[0-9]{1,16}"),
    "single_line_text_field": re.compile(r".+"),
}
"""The types we know, and what a value of each looks like."""


def set_all(info: GraphQLResolveInfo, metafields: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep values with customers; an error in one of them keeps all from being written."""
    caller: Caller = info.context
    caller.needs("write_customers", "metafieldsSet")
    if len(metafields) > MOST_AT_ONCE:
        raise GraphQLError(
            f"The input array size of {len(metafields)} is greater than the maximum allowed of"
            f" {MOST_AT_ONCE}.",
            extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"},
        )
    found = [_error(caller.session, place, one) for place, one in enumerate(metafields)]
    if errors := [error for error in found if error is not None]:
        return {"metafields": None, "userErrors": errors}
    written = [caller.session.merge(_row(one)) for one in metafields]
    return {"metafields": [_node(row) for row in written], "userErrors": []}


def metafield_of(session: Session, customer: Customer) -> dict[str, Any]:
    """What a Customer answers when it is asked for one of its fields."""

    def answer(_info: GraphQLResolveInfo, **asked: Any) -> dict[str, Any] | None:
        row = metafield(session, customer.id, asked.get("namespace") or APP, asked["key"])
        return _node(row) if row is not None else None

    return {"metafield": answer}


def _error(session: Session, place: int, one: dict[str, Any]) -> dict[str, Any] | None:
    kind, value = one.get("type"), one["value"]
    wrong = None
    if session.get(Customer, number_in("Customer", one["ownerId"])) is None:
        wrong = ("ownerId", "INVALID", "Owner does not exist.")
    elif kind not in TYPES:
        wrong = ("type", "INVALID_TYPE", "Type must be one of the supported types.")
    elif TYPES[kind].fullmatch(value) is None:
        wrong = ("value", "INVALID_VALUE", f"Value must be a {kind}.")
    if wrong is None:
        return None
    field = ["metafields", str(place), wrong[0]]
    return {"field": field, "code": wrong[1], "message": wrong[2], "elementIndex": None}


def _row(one: dict[str, Any]) -> Metafield:
    return Metafield(
        customer_id=number_in("Customer", one["ownerId"]),
        namespace=one.get("namespace") or APP,
        key=one["key"],
        type=one["type"],
        value=one["value"],
    )


def _node(row: Metafield) -> dict[str, Any]:
    return {"key": row.key, "namespace": row.namespace, "type": row.type, "value": row.value}
