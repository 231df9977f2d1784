"""The GraphQL operations we run, each file read once and checked against the platform's schema."""

from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Query:
    """A document, and which of its operations to run when it has several."""

    document: str
    operation: str | None = None


def query(name: str, operation: str | None = None) -> Query:
    """The document in the file of that name."""
    text = files(__name__).joinpath(f"{name}.graphql").read_text(encoding="utf-8")
    return Query(text, operation)
