"""What all tables share: instants in UTC, names of constraints, ids, inserting what is new.

Every tenant's rows begin with its `shop_id`, in the primary key and in every unique key, so that
the tables can be spread over several database servers by shop.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Dialect,
    Insert,
    Integer,
    MetaData,
    Table,
    Update,
    Uuid,
    bindparam,
    inspect,
    update,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, InstanceState, Mapper, Session
from sqlalchemy.orm.attributes import set_committed_value
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


def insert_new(asked: Asked, table: type[Base] | Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose keys are not taken yet; leave the others as they are."""
    if rows:
        bind = asked.get_bind() if isinstance(asked, Session) else asked
        asked.execute(inserting_new(table, bind.dialect.name), list(rows))


@lru_cache(maxsize=256)
def inserting_new(table: type[Base] | Table, dialect: str) -> Insert:
    """The statement that inserts what is new; to build one takes as long as to carry it out."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


def put(session: Session, table: type[Base], row: Mapping[str, Any]) -> None:
    """Insert a row, or let it take the place of the one with its key, whoever wrote that when."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    keys = [column.name for column in inspect(table).primary_key]
    statement = insert(table).values(dict(row))
    news = {name: statement.excluded[name] for name in row if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=news))


def write_changed(session: Session, rows: Collection[object]) -> None:
    """Write what was changed in rows of one table, in one statement.

    A flush makes a statement for every set of columns that changed together, so that a batch costs
    more the less alike its rows are. Here every row has all columns written that changed in any.
    """
    dirty = session.dirty
    states: list[InstanceState[object]] = [inspect(row) for row in rows if row in dirty]
    changed = {key for state in states for key in state.committed_state}
    if not changed:
        return
    statement, names = _update_by_key(states[0].mapper, frozenset(changed))
    values = [{name: state.dict[key] for name, key in names} for state in states]
    session.connection().execute(statement, values)
    for state in states:
        for key in tuple(state.committed_state):
            set_committed_value(state.object, key, state.dict[key])


@lru_cache(maxsize=256)
def _update_by_key(
    mapper: Mapper[object], changed: frozenset[str]
) -> tuple[Update, list[tuple[str, str]]]:
    """A statement that writes some attributes of one row, and its (parameter, attribute)s."""
    table = Base.metadata.tables[mapper.local_table.description]
    keys = {mapper.get_property_by_column(column).key: column for column in table.primary_key}
    columns = {key: mapper.columns[key] for key in sorted(changed)}
    statement = (
        update(table)
        .where(*(column == bindparam(f"its_{key}") for key, column in keys.items()))
        .values({column.name: bindparam(f"new_{key}") for key, column in columns.items()})
    )
    return statement, [
        *((f"its_{key}", key) for key in keys),
        *((f"new_{key}", key) for key in columns),
    ]
