"""Who is calling the Admin API, and with what right."""

from dataclasses import dataclass
from datetime import datetime

from graphql import GraphQLError
from sqlalchemy.orm import Session

from demoshop.config import Settings


@dataclass(frozen=True, slots=True)
class Caller:
    """The app, with the scopes of its token; resolvers find it in their context."""

    session: Session
    settings: Settings
    scopes: frozenset[str]
    at: datetime

    def needs(self, scope: str, field: str) -> None:
        """Refuse a field the token has no scope for; writing implies reading."""
        if scope in self.scopes or scope.replace("read_", "write_", 1) in self.scopes:
            return
        raise GraphQLError(
            f"Access denied for {field} field. Required access: `{scope}` access scope.",
            extensions={"code": "ACCESS_DENIED", "requiredAccess": f"`{scope}` access scope."},
        )


def scopes_in(granted: str) -> frozenset[str]:
    """The scopes of a comma-separated grant."""
    return frozenset(scope.strip() for scope in granted.split(",") if scope.strip())
