"""The demo shop's own database, and the only place that commits.

One process serves the whole shop, so one lock in that process is all the concurrency control it
needs: a transaction holds it from its first read to its commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Dialect, Engine, create_engine, event, inspect, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.schema import CreateColumn
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as microseconds because SQLite forgets time zones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Microseconds since 1970."""
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """The moment again, with its zone."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Base(DeclarativeBase):
    """The tables of the demo shop."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment}


class Database:
    """A SQLite file, opened once and shared by every thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = RLock()
        self._engine = create_engine(
            f"sqlite:///{path}", connect_args={"check_same_thread": False, "timeout": 10}
        )
        event.listen(self._engine, "connect", _tune)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        _renew(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is kept entirely or not at all."""
        with self._lock, self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _tune(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _renew(engine: Engine) -> None:
    """Make the tables, and give those of an older shop the columns they lack.

    A new column that may be empty is added to what was sold before. One that may not has nothing
    to hold for an old order, so the shop starts afresh.
    """
    found = inspect(engine)
    lacking = [
        column
        for table in Base.metadata.tables.values()
        if found.has_table(table.name)
        for column in table.columns
        if column.name not in {known["name"] for known in found.get_columns(table.name)}
    ]
    if all(column.nullable for column in lacking):
        with engine.begin() as connection:
            for column in lacking:
                table = engine.dialect.identifier_preparer.format_table(column.table)
                told = CreateColumn(column).compile(dialect=engine.dialect)
                connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {told}"))
    else:
        Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
