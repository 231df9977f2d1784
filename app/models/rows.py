"""Rows of one table, written by one statement that was made once.

PostgreSQL gets them as one document and unpacks it itself: a statement that is sent for each row
costs more than the row. SQLite's driver runs a prepared statement over them, the faster way there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Dialect, Table, inspect
from sqlalchemy.orm import InstanceState, Mapper, Session

from app.models.base import Asked, Base

Row = Mapping[str, Any]


def insert_new(asked: Asked, table: type[Base] | Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose keys are not taken yet; leave the others as they are."""
    if rows and isinstance(asked, Session):
        # A key may have been given up by something that is not written yet.
        asked.flush()
    _insert(asked, table, rows, " ON CONFLICT DO NOTHING")


def insert_rows(asked: Asked, table: type[Base] | Table, rows: Sequence[Row]) -> None:
    """Insert rows of the same columns. A key that is taken fails on the database's constraint."""
    _insert(asked, table, rows, "")


def update_rows(asked: Asked, table: type[Base] | Table, rows: Sequence[Row]) -> None:
    """Write the columns that are given into the rows whose keys are given with them."""
    if rows:
        _send(asked, _update(_table(table), tuple(rows[0]), _connection(asked).dialect), rows)


def write_changed(session: Session, rows: Collection[object]) -> None:
    """Write what was changed in rows of one table, in one statement.

    A flush makes a statement for every set of columns that changed together, so that a batch costs
    more the less alike its rows are. Here every row has all columns written that changed in any.
    """
    dirty = session.dirty
    states: list[InstanceState[object]] = [inspect(row) for row in rows if row in dirty]
    changed = frozenset(key for state in states for key in state.committed_state)
    if not changed:
        return
    names = _columns_of(states[0].mapper, changed)
    values = [{column: facts[key] for column, key in names} for facts in (s.dict for s in states)]
    update_rows(session, Base.metadata.tables[states[0].mapper.local_table.description], values)
    # As a flush ends: else the next one would look through all of them again.
    InstanceState._commit_all_states(((s, s.dict) for s in states), session.identity_map)


@lru_cache(maxsize=256)
def _columns_of(mapper: Mapper[object], changed: frozenset[str]) -> list[tuple[str, str]]:
    """The key of a row and some of its attributes, as (column, attribute)."""
    keys = {mapper.get_property_by_column(column).key for column in mapper.primary_key}
    return [(str(mapper.columns[key].name), key) for key in sorted(keys | changed)]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement that takes any number of rows, and what turns values into the driver's."""

    text: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    """The columns in the order of their places, each with what writes a value of it."""
    begun: Row
    """What columns begin with that no row gives."""
    takes_document: bool

    def values(self, rows: Sequence[Row]) -> Any:
        """The values of all rows, as the driver takes them."""
        assert all(row.keys() == rows[0].keys() for row in rows), "Rows have the same columns."
        if self.begun:
            begun = self.begun
            rows = [
                {key: one(None) if callable(one) else one for key, one in begun.items()} | dict(row)
                for row in rows
            ]
        if self.takes_document:
            document = orjson.dumps(rows, _in_document, orjson.OPT_PASSTHROUGH_DATETIME)
            return (document.decode(),)
        written = [
            [row[name] for row in rows]
            if write is None
            else [None if row[name] is None else write(row[name]) for row in rows]
            for name, write in self.columns
        ]
        return list(zip(*written, strict=True))


def _in_document(value: Any) -> str:
    """Moments and bytes as PostgreSQL reads them."""
    if isinstance(value, datetime):
        assert value.tzinfo is not None, "A moment needs its time zone."
        return value.isoformat()
    assert isinstance(value, bytes), f"A {type(value).__name__} is nothing for a row."
    return f"\\x{value.hex()}"


def _insert(asked: Asked, table: type[Base] | Table, rows: Sequence[Row], conflict: str) -> None:
    if rows:
        dialect = _connection(asked).dialect
        _send(asked, _inserting(_table(table), tuple(rows[0]), conflict, dialect), rows)


def _send(asked: Asked, statement: _Statement, rows: Sequence[Row]) -> None:
    _connection(asked).exec_driver_sql(statement.text, statement.values(rows))


# All names in these statements are those of our own tables.


@lru_cache(maxsize=256)
def _inserting(table: Table, given: tuple[str, ...], conflict: str, dialect: Dialect) -> _Statement:
    defaults: dict[str, Any] = {str(column.name): column.default for column in table.columns}
    begun = {
        name: default.arg
        for name, default in defaults.items()
        if default is not None and name not in given
    }
    names = [*given, *begun]
    values = f"VALUES ({', '.join('?' * len(names))})"
    if _takes_document(dialect):
        values = f"SELECT {', '.join(names)} FROM {_told(table, names, dialect)}"  # noqa: S608
    text = f"INSERT INTO {table.name} ({', '.join(names)}) {values}{conflict}"
    return _statement(table, text, names, begun, dialect)


@lru_cache(maxsize=256)
def _update(table: Table, given: tuple[str, ...], dialect: Dialect) -> _Statement:
    keys = [str(column.name) for column in table.primary_key]
    news = [name for name in given if name not in keys]
    told, source = "?", ""
    if _takes_document(dialect):
        told, source = "told.{}", f" FROM {_told(table, given, dialect)}"
    written = ", ".join(f"{name} = {told.format(name)}" for name in news)
    of_its_key = " AND ".join(f"{table.name}.{key} = {told.format(key)}" for key in keys)
    text = f"UPDATE {table.name} SET {written}{source} WHERE {of_its_key}"  # noqa: S608
    return _statement(table, text, [*news, *keys], {}, dialect)


def _statement(
    table: Table, text: str, names: Sequence[str], begun: Row, dialect: Dialect
) -> _Statement:
    columns = tuple(
        (name, table.columns[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in names
    )
    return _Statement(text, columns, begun, _takes_document(dialect))


def _told(table: Table, names: Sequence[str], dialect: Dialect) -> str:
    """The rows as PostgreSQL unpacks them, each column by its type."""
    typed = ", ".join(f"{name} {table.columns[name].type.compile(dialect)}" for name in names)
    return f"json_to_recordset(%s::json) AS told({typed})"


def _takes_document(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


def _connection(asked: Asked) -> Any:
    return asked.connection() if isinstance(asked, Session) else asked


def _table(table: type[Base] | Table) -> Table:
    return table if isinstance(table, Table) else Base.metadata.tables[table.__tablename__]
