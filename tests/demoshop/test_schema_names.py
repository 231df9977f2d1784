"""Every name of the demo shop's schema is the platform's own.

admin_names.json was looked up in the platform's schema of 2026-10, so a name that we made up, or a
type that differs, has nothing to agree with.
"""

import json
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLUnionType,
    is_specified_scalar_type,
)

from demoshop.admin_api.schema import ROOT, load_schema

THEIRS = json.loads((Path(__file__).parent / "admin_names.json").read_text())
SCHEMA = load_schema()
OURS = [
    named
    for name, named in sorted(SCHEMA.type_map.items())
    if not name.startswith("__") and not is_specified_scalar_type(named)
]


def described(named: GraphQLNamedType) -> dict:
    """A type of ours in the form of the file."""
    kind = type(named).__name__.removeprefix("GraphQL").removesuffix("Type").lower()
    told: dict = {"kind": kind}
    if isinstance(named, GraphQLEnumType):
        told["values"] = sorted(named.values)
    elif isinstance(named, GraphQLUnionType):
        told["types"] = sorted(member.name for member in named.types)
    elif hasattr(named, "fields"):
        told["fields"] = {name: signature(field) for name, field in named.fields.items()}
        if isinstance(named, GraphQLInputObjectType) and named.is_one_of:
            told["one_of"] = True
    return told


def signature(field):
    """A field's type, and its arguments' types if it has any."""
    arguments = {name: str(argument.type) for name, argument in getattr(field, "args", {}).items()}
    return [str(field.type), *([arguments] if arguments else [])]


@pytest.mark.parametrize("named", OURS, ids=lambda named: named.name)
def test_a_type_is_the_platforms_own(named):
    assert described(named) == THEIRS[named.name]


def test_every_question_has_somebody_who_answers_it():
    asked = set(SCHEMA.query_type.fields) | set(SCHEMA.mutation_type.fields)

    assert asked == set(ROOT)
