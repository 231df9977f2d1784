"""What all tables share: instants in UTC, names of constraints, ids.

Every tenant's rows begin with its `shop_id`, in the primary key and in every unique key, so that
the tables can be spread over several database servers by shop.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Dialect,
    Integer,
    MetaData,
    Uuid,
    inspect,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator
from uuid_utils.compat import uuid7

ShopId = int
Document = dict[str, Any]

ID = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts up by itself; SQLite does so only for its INTEGER."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. What comes in without a zone is a mistake of ours."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        assert value.tzinfo is not None, "A moment needs its time zone."
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    # A batch writes and reads thousands. SQLite keeps them as text, which Python itself can make.

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What writes a moment for a database."""
        return _moment_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """What reads a moment of a database."""
        if dialect.name == "sqlite":
            return _moment_in
        return super().result_processor(dialect, coltype)


def _moment_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    assert value.tzinfo is not None, "A moment needs its time zone."
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:-6]


def _moment_in(written: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{written}+00:00") if written is not None else None


class Base(DeclarativeBase):
    """The tables of Stamkunde."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        datetime: Instant,
        UUID: Uuid,
        int: BigInteger,
        Document: JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
    }


def new_id() -> UUID:
    """An id that nobody else makes, in the order of time, so that new rows lie together.

    Ids name rows and decide nothing, but for the code of a reward that nobody asked for, which
    follows from one; this is the only randomness below `web` and `jobs`.
    """
    return uuid7()


Asked = Session | Connection
"""What takes statements: a session, or a bare connection where nothing else is needed."""


def put(session: Session, table: type[Base], row: Mapping[str, Any]) -> None:
    """Insert a row, or let it take the place of the one with its key, whoever wrote that when."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    keys = [column.name for column in inspect(table).primary_key]
    statement = insert(table).values(dict(row))
    news = {name: statement.excluded[name] for name in row if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=news))
