"""The database, and the only place that commits.

Everything below the entry points takes a session and leaves it uncommitted, so that a webhook,
a redemption or a nightly run is one transaction: all of it happened, or none of it did.

SQLite ignores row locks, so a writing transaction there takes the whole file's write lock before
it reads anything (BEGIN IMMEDIATE); PostgreSQL locks the rows that are asked for.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from weakref import WeakSet

import orjson
from sqlalchemy import Connection, Engine, Select, Table, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.driver import Insertion, in_turn, told
from app.question import Question, SharedQuestion

BUSY_SECONDS = 15
"""How long a writer waits for another one's write lock before it gives up (SQLite)."""

LOG_PAGES = 4000
"""How long SQLite's write-ahead log grows before it goes into the file, 16 MB: as long as one look
finds a page in it (SQLite's index of the log has pieces of 4,096)."""

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Database:
    """One database and its pool of connections; safe to share between threads."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self._kept: WeakSet[Question | SharedQuestion | Insertion] = WeakSet()
        if self.url.get_backend_name() == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
            self.engine = create_engine(
                self.url,
                pool_size=pool_size,
                pool_pre_ping=True,
                hide_parameters=True,
                json_serializer=_json_text,
                json_deserializer=orjson.loads,
            )
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            self.engine = _sqlite_engine(self.url.render_as_string(hide_password=False), pool_size)
            self._reader = self.engine.execution_options(reading=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that is committed when the block ends, or rolled back when it raises."""
        assert not _writing.get(), "Transactions do not nest: pass the session down."
        token = _writing.set(True)
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            _writing.reset(token)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and cannot change it."""
        with Session(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A bare connection for migrations, which are one transaction too."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A bare connection for rows that nobody has to read first; committed like the rest."""
        with self.engine.begin() as connection:
            yield connection

    def question(self, of_one: Select[Any], of_many: Select[Any]) -> Question | SharedQuestion:
        """A question to ask over and over; PostgreSQL is asked for many at once.

        SQLite has answered before another thread could come along.
        """
        is_shared = self.url.get_backend_name() == "postgresql"
        question: Question | SharedQuestion = (
            SharedQuestion(self.engine, of_many) if is_shared else Question(self.engine, of_one)
        )
        self._kept.add(question)
        return question

    def insertion(self, table: Table) -> Insertion:
        """A way for rows of a table that is gone over and over, and commits by itself."""
        insertion = Insertion(self.engine, table)
        self._kept.add(insertion)
        return insertion

    def close(self) -> None:
        """Give every connection back; a forked process calls it before it begins."""
        for one in self._kept:
            one.close()
        self.engine.dispose()


def _json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        # An error in the log shall name the statement, and nobody's data.
        hide_parameters=True,
        json_serializer=_json_text,
        json_deserializer=orjson.loads,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver shall not begin transactions of its own accord: `_begin_sqlite` does.
    connection.isolation_level = None
    durable = ("journal_mode=WAL", "synchronous=FULL", f"wal_autocheckpoint={LOG_PAGES}")
    for pragma in (*durable, "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        lent: Any = connection.connection.driver_connection
        try:
            in_turn(lent, "BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise told(error, "BEGIN IMMEDIATE", connection.engine) from error
