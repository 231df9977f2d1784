"""Statements that are sent so often that nothing may come between them and the driver.

Each is compiled once, and has a connection that opens no transaction: one statement sees one
moment, and what it writes is committed with it. A connection is asked nothing before it is used.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Dialect, Engine, Insert, Select, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError

LOOK_AGAIN_SECONDS = 0.002


class Compiled:
    """The text of a statement, and its values as the driver wants them."""

    def __init__(self, statement: Select[Any] | Insert, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._writers = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bound in compiled.binds.items()
        }

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values, by their places where the text has places and not names."""
        written = {
            name: writer(given[name]) if writer is not None else given[name]
            for name, writer in self._writers.items()
        }
        return written if self._order is None else tuple(written[name] for name in self._order)


class Insertion:
    """Rows that a table may have already, put into it by one statement: one way there and back.

    They are durable when it returns. One thread at a time may use it.
    """

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine
        self._table = table
        self._statements: dict[int, Compiled] = {}
        self._connection: Any = None
        self._send = in_turn if engine.dialect.name == "sqlite" else _at_once

    def insert(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of the same columns, but for those whose keys are taken.

        Raises SQLAlchemy's errors; then none of the rows was inserted, or nobody can tell.
        """
        statement = self._statements.get(len(rows)) or self._compiled_for(rows)
        given = {f"{key}_{at}": row[key] for at, row in enumerate(rows) for key in row}
        kept = self._connection
        try:
            if kept is None:
                self._connection = connected(self._engine, writes=True)
            self._send(self._connection, statement.text, statement.values(given))
        except self._engine.dialect.loaded_dbapi.Error as error:
            # A restart of the server cuts what was kept. What comes twice is inserted once.
            is_cut = kept is not None and self._engine.dialect.is_disconnect(error, kept, None)
            self.close()
            if not is_cut:
                raise told(error, f"INSERT INTO {self._table.name}", self._engine) from error
            self.insert(rows)

    def close(self) -> None:
        """Close the connection; the next insertion opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                connection.close()

    def _compiled_for(self, rows: Sequence[Mapping[str, Any]]) -> Compiled:
        """The statement for so many rows."""
        columns = self._table.columns
        values = [
            {name: bindparam(f"{name}_{at}", type_=columns[name].type) for name in row}
            for at, row in enumerate(rows)
        ]
        dialect = self._engine.dialect
        insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
        statement = insert(self._table).on_conflict_do_nothing().values(values)
        compiled = self._statements[len(rows)] = Compiled(statement, numbering(self._engine))
        return compiled


def connected(engine: Engine, *, writes: bool) -> Any:
    """A connection of the driver's own, beside the pool, where each statement commits by itself."""
    lent = engine.raw_connection()
    connection: Any = lent.driver_connection
    lent.detach()
    if engine.dialect.name == "postgresql":
        connection.rollback()
        connection.autocommit = True
        connection.cursor_factory = RawCursor
        # What is sent over and over is planned once; lists of values make no plan worth another.
        connection.execute("SET plan_cache_mode = force_generic_plan")
    else:
        connection.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    return connection


def in_turn(connection: sqlite3.Connection, text: str, values: Any = ()) -> None:
    """Send SQLite a statement that writes, as soon as no other process does.

    SQLite itself looks ever more rarely whether its one writer is done, every tenth of a second in
    the end, and a worker with much to do leaves pauses that are shorter. Raises the driver's error
    when the lock is not had within the connection's own patience (its `busy_timeout`).
    """
    patience: int = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    until = monotonic() + patience / 1000
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.execute(text, values)
                return
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or monotonic() >= until:
                    raise
            sleep(LOOK_AGAIN_SECONDS)
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience}")


def _is_busy(error: sqlite3.OperationalError) -> bool:
    # The lower byte: what is above it says in which way it is busy.
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _at_once(connection: Any, text: str, values: Any) -> None:
    connection.execute(text, values)


def numbering(engine: Engine) -> Dialect:
    """The dialect whose places are sent as they are; names are looked for in every statement."""
    if engine.dialect.name != "postgresql":
        return engine.dialect
    numbered: Any = PGDialect_psycopg
    dialect: Dialect = numbered(paramstyle="numeric_dollar", dbapi=engine.dialect.loaded_dbapi)
    return dialect


def told(error: Any, text: str, engine: Engine) -> Exception:
    """An error of the driver as everybody else knows it; it names the statement, and no values."""
    theirs: Any = engine.dialect.loaded_dbapi.Error
    told: Exception = DBAPIError.instance(text, None, error, theirs, hide_parameters=True)
    return told
