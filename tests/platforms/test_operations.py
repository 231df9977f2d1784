"""Our GraphQL operations against the demo shop's schema, which uses the platform's own names."""

import pytest
from graphql import build_schema, parse, validate

from tests.source import ROOT

OPERATIONS = sorted((ROOT / "app" / "platforms").rglob("*.graphql"))


@pytest.fixture(scope="module")
def schema():
    """The demo shop's part of the Admin API, from its own files."""
    files = sorted((ROOT / "demoshop").rglob("*.graphql"))
    return build_schema("\n".join(path.read_text(encoding="utf-8") for path in files))


def test_there_are_operations():
    assert OPERATIONS


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_an_operation_fits_the_schema(schema, path):
    errors = validate(schema, parse(path.read_text(encoding="utf-8")))

    assert [error.message for error in errors] == []
