"""Running one GraphQL request: priced, paid for, answered with its cost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.cost import SINGLE_QUERY_MAX, Bucket, actual_cost, requested_cost
from demoshop.admin_api.schema import ROOT

LIMITS = "https://shopify.dev/api/usage/limits"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, and what the event log says about it."""

    answer: dict[str, Any]
    operation: str
    outcome: str
    cost: int


def run(
    schema: GraphQLSchema, bucket: Bucket, caller: Caller, asked: Mapping[str, Any], *, now: float
) -> Outcome:
    """Answer a request. Every refusal is HTTP 200 with `errors`, as on the platform."""
    variables = asked.get("variables") or {}
    try:
        document = parse(str(asked.get("query") or ""))
    except GraphQLError as error:
        return _errors([error], "?", "refused")
    operation = get_operation_ast(document, asked.get("operationName"))
    if operation is None:
        return _errors([GraphQLError("No operation to run.")], "?", "refused")
    name = _name(operation)
    wrong = validate(schema, document)
    if wrong:
        return _errors(wrong, name, "refused")

    requested = requested_cost(document, operation, variables)
    if requested > SINGLE_QUERY_MAX:
        return _too_dear(name, requested)
    if not bucket.take(requested, now):
        return _throttled(name, requested, bucket, now)
    return _execute(schema, document, operation, variables, caller, bucket, requested, now)


def _execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    caller: Caller,
    bucket: Bucket,
    requested: int,
    now: float,
) -> Outcome:
    name = _name(operation)
    ran = execute_sync(
        schema,
        document,
        root_value=ROOT,
        context_value=caller,
        variable_values=dict(variables),
        operation_name=operation.name.value if operation.name else None,
    )
    roots = len(operation.selection_set.selections)
    mutation = operation.operation == OperationType.MUTATION
    cost = actual_cost(requested, roots, mutation, ran.data)
    bucket.give_back(requested - cost)
    answer: dict[str, Any] = {}
    if ran.errors:
        answer["errors"] = [_error(error) for error in ran.errors]
    if ran.data is not None:
        answer["data"] = ran.data
    answer["extensions"] = _cost(requested, cost, bucket, now)
    return Outcome(answer, name, _word(ran.errors, ran.data), cost)


def _word(errors: list[GraphQLError] | None, data: Any) -> str:
    if errors:
        return "errors"
    payloads = [value for value in (data or {}).values() if isinstance(value, dict)]
    return "user errors" if any(value.get("userErrors") for value in payloads) else "ok"


def _name(operation: OperationDefinitionNode) -> str:
    """The operation's own name, or the first field it asks for."""
    if operation.name:
        return str(operation.name.value)
    first = operation.selection_set.selections[0]
    return str(getattr(first, "name", first).value)


def _error(error: GraphQLError) -> dict[str, Any]:
    told = dict(error.formatted)
    if error.message.startswith("Variable "):
        told["extensions"] = {"code": "INVALID_VARIABLE"}
    return told


def _errors(errors: list[GraphQLError], name: str, word: str) -> Outcome:
    return Outcome({"errors": [_error(error) for error in errors]}, name, word, 0)


def _cost(requested: int, actual: int | None, bucket: Bucket, now: float) -> dict[str, Any]:
    return {
        "cost": {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": bucket.status(now),
        }
    }


def _throttled(name: str, requested: int, bucket: Bucket, now: float) -> Outcome:
    error = {
        "message": "Throttled",
        "extensions": {"code": "THROTTLED", "documentation": LIMITS},
    }
    answer = {"errors": [error], "extensions": _cost(requested, None, bucket, now)}
    return Outcome(answer, name, "throttled", 0)


def _too_dear(name: str, requested: int) -> Outcome:
    error = {
        "message": f"Query cost is {requested}, which exceeds the single query max cost limit "
        f"({SINGLE_QUERY_MAX}).",
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": requested,
            "maxCost": SINGLE_QUERY_MAX,
            "documentation": LIMITS,
        },
    }
    return Outcome({"errors": [error]}, name, "too expensive", 0)


def brief(asked: Mapping[str, Any]) -> str:
    """What was asked, short enough for a log."""
    return json.dumps(asked.get("variables") or {}, ensure_ascii=False)[:2000]
