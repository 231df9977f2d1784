"""Answering GraphQL requests: priced, paid for, answered with its cost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.cost import SINGLE_QUERY_MAX, Bucket, actual_cost, requested_cost
from demoshop.admin_api.schema import ROOT, load_schema

LIMITS = "https://shopify.dev/api/usage/limits"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, and what the event log says about it."""

    answer: dict[str, Any]
    operation: str
    outcome: str
    cost: int


@dataclass(frozen=True, slots=True)
class Request:
    """One operation of a document, with its variables."""

    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The operation's own name, or the first field it asks for."""
        if self.operation.name:
            return str(self.operation.name.value)
        first = self.operation.selection_set.selections[0]
        return str(first.name.value) if isinstance(first, FieldNode) else "unnamed"


class Desk:
    """Where calls are answered: the schema, and the bucket they are paid from."""

    def __init__(self) -> None:
        self.schema = load_schema()
        self.bucket = Bucket()

    def answer(self, caller: Caller, asked: Mapping[str, Any], *, now: float) -> Outcome:
        """Answer a request. Every refusal is HTTP 200 with `errors`, as on the platform."""
        try:
            document = parse(str(asked.get("query") or ""))
        except GraphQLError as error:
            return _errors([error], "unnamed", "refused")
        operation = get_operation_ast(document, asked.get("operationName"))
        if operation is None:
            return _errors([GraphQLError("No operation to run.")], "unnamed", "refused")
        request = Request(document, operation, asked.get("variables") or {})
        if wrong := validate(self.schema, document):
            return _errors(wrong, request.name, "refused")

        requested = requested_cost(document, operation, request.variables)
        if requested > SINGLE_QUERY_MAX:
            return _too_dear(request.name, requested)
        if not self.bucket.take(requested, now):
            return _throttled(request.name, requested, self.bucket, now)
        return self._execute(caller, request, requested, now)

    def _execute(self, caller: Caller, request: Request, requested: int, now: float) -> Outcome:
        operation = request.operation
        ran = execute_sync(
            self.schema,
            request.document,
            root_value=ROOT,
            context_value=caller,
            variable_values=dict(request.variables),
            operation_name=operation.name.value if operation.name else None,
        )
        roots = len(operation.selection_set.selections)
        mutation = operation.operation == OperationType.MUTATION
        cost = actual_cost(requested, roots, mutation, ran.data)
        self.bucket.give_back(requested - cost)
        answer: dict[str, Any] = {}
        if ran.errors:
            answer["errors"] = [_error(error) for error in ran.errors]
        if ran.data is not None:
            answer["data"] = ran.data
        answer["extensions"] = _cost(requested, cost, self.bucket, now)
        return Outcome(answer, request.name, _word(ran.errors, ran.data), cost)


def _word(errors: list[GraphQLError] | None, data: Any) -> str:
    if errors:
        return "errors"
    payloads = [value for value in (data or {}).values() if isinstance(value, dict)]
    return "user errors" if any(value.get("userErrors") for value in payloads) else "ok"


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
