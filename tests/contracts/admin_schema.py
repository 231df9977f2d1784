"""Shopify's own Admin schema as a host: it checks what we send, and makes up an answer that fits.

The variables are coerced as Shopify's server would, and beyond what the schema can say also by the
rules of its own scalars. What it answers means nothing; only whether it understood us counts.
"""

import gzip
import json
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

import responses
from graphql import (
    GraphQLError,
    GraphQLSchema,
    build_client_schema,
    get_named_type,
    graphql_sync,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    parse,
    validate,
)

from tests.parts import JUDGES
from tests.platforms.shopify.conftest import GRAPHQL

NUMBER = 4001
GID = re.compile(r"gid://shopify/[A-Z][A-Za-z]+/[0-9]+")


def load(version: str) -> GraphQLSchema:
    """Shopify's schema of a version, with scalars that look at what they are given."""
    told = json.loads(gzip.decompress((JUDGES / f"admin_{version}.json.gz").read_bytes()))
    schema = build_client_schema(told["data"])
    for name, check in CHECKS.items():
        schema.type_map[name].parse_value = check
    return schema


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise GraphQLError(f"{value!r} is not a decimal") from error
    if not number.is_finite():
        raise GraphQLError(f"{value!r} is not a number")
    return number


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise GraphQLError(f"{value!r} has no time zone")
    return moment


def _url(value: Any) -> str:
    if urlsplit(value).scheme != "https" or not urlsplit(value).hostname:
        raise GraphQLError(f"{value!r} is no address")
    return str(value)


def _id(value: Any) -> str:
    if not isinstance(value, str) or not GID.fullmatch(value):
        raise GraphQLError(f"{value!r} is no global id")
    return value


CHECKS = {
    "Date": date.fromisoformat,
    "DateTime": _moment,
    "Decimal": _decimal,
    "ID": _id,
    "Money": _decimal,
    "URL": _url,
}


class SchemaHost:
    """A shop's API that answers every question in the form of the schema, and notes mistakes."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.documents: set[str] = set()
        self.mistakes: list[str] = []
        self._number = NUMBER

    def listen(self, mock: responses.RequestsMock) -> None:
        """Answer whatever is asked from now on."""
        mock.add_callback(responses.POST, GRAPHQL, self._answer, content_type="application/json")

    def _answer(self, request: Any) -> tuple[int, dict[str, str], str]:
        asked = json.loads(request.body)
        self.documents.add(asked["query"])
        found = validate(self.schema, parse(asked["query"]))
        executed = graphql_sync(
            self.schema,
            asked["query"],
            variable_values=asked["variables"],
            operation_name=asked.get("operationName"),
            field_resolver=self._made_up,
            type_resolver=lambda _value, _info, abstract: self._one_of(abstract),
        )
        self.mistakes += [error.message for error in (*found, *(executed.errors or ()))]
        return 200, {}, json.dumps({"data": executed.data})

    def _one_of(self, abstract: Any) -> str:
        named = {one.name for one in self.schema.get_possible_types(abstract)}
        wanted = ("DiscountCodeBasic", "StoreCreditAccountCreditTransaction", "Customer")
        return next((name for name in wanted if name in named), sorted(named)[0])

    def _made_up(self, _source: Any, info: Any, **_arguments: Any) -> Any:
        if info.field_name == "userErrors":
            return []
        kind = info.return_type.of_type if is_non_null_type(info.return_type) else info.return_type
        value = self._value(get_named_type(kind), info.field_name)
        return [value] if is_list_type(kind) else value

    def _value(self, kind: Any, field: str) -> Any:
        if is_enum_type(kind):
            return next(iter(kind.values))
        if is_object_type(kind) or not hasattr(kind, "parse_value"):
            return {}
        self._number += 1
        match kind.name:
            case "ID":
                return f"gid://shopify/Thing/{self._number}"
            case "Boolean":
                return field == "done"
            case "Int" | "Float" | "UnsignedInt64":
                return 0 if field == "asyncUsageCount" else 1
            case "Decimal" | "Money":
                return "1.00"
            case "DateTime":
                return "2026-11-22T12:00:00Z"
            case _:
                return "words"
