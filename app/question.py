"""Questions that are asked so often that nothing may come between them and the driver.

Each is one statement that sees one moment, on a connection that opens no transaction.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import local
from typing import Any

import orjson
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn
from sqlalchemy import Engine, Select
from sqlalchemy.exc import SQLAlchemyError

from app.driver import Compiled, connected, numbering
from app.together import Together


class Question:
    """One statement that is asked for a text over and over; each thread keeps a connection."""

    def __init__(self, engine: Engine, statement: Select[Any]) -> None:
        self._engine = engine
        self._compiled = Compiled(statement, engine.dialect)
        self._kept = local()
        self._all: set[Any] = set()

    def asked(self, **values: Any) -> str | None:
        """The answer; None when there is none, or the database cannot be asked like that now."""
        try:
            compiled = self._compiled
            cursor = self._connection().execute(compiled.text, compiled.values(values))
            # All of them: a statement that is not over keeps its moment of the database alive.
            rows = cursor.fetchall()
        except (self._engine.dialect.loaded_dbapi.Error, SQLAlchemyError):
            self._forget()
            return None
        return rows[0][0] if rows else None

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._all:
            self._all.pop().close()
        self._kept = local()

    def _connection(self) -> Any:
        connection = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = connected(self._engine, writes=False)
            self._all.add(connection)
        return connection

    def _forget(self) -> None:
        """Begin anew with the next question; this one's connection may be broken."""
        connection = getattr(self._kept, "connection", None)
        self._kept.connection = None
        if connection is not None:
            self._all.discard(connection)
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                connection.close()


@dataclass(slots=True)
class _Asking:
    """What one thread asks, and the answer."""

    values: Mapping[str, Any]
    answer: str | None = None


class SharedQuestion:
    """A question to PostgreSQL: who asks while another answer is under way shares the next one.

    To wake the server's process costs more than to answer one more, so all share one connection.
    The statement takes a JSON list of what is `asked`, and gives a text for numbers of that list.
    It goes to libpq itself: psycopg's way of writing values takes several times as long.
    """

    def __init__(self, engine: Engine, statement: Select[Any]) -> None:
        self._engine = engine
        self._text = Compiled(statement, numbering(engine)).text.encode()
        self._together = Together(self._ask_for_all)
        self._connection: Any = None

    def asked(self, **values: Any) -> str | None:
        """The answer; None when there is none, or the database cannot be asked like that now."""
        asking = _Asking(values)
        self._together.add(asking)
        return asking.answer

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                connection.close()

    def _ask_for_all(self, asking: Sequence[_Asking]) -> None:
        """Ask for all who have come; one thread at a time."""
        listed = [{"number": at, **one.values} for at, one in enumerate(asking)]
        try:
            found = self._server().exec_prepared(b"question", [orjson.dumps(listed)])
        except (self._engine.dialect.loaded_dbapi.Error, SQLAlchemyError):
            self.close()
            return
        if found.status != ExecStatus.TUPLES_OK:
            self.close()
            return
        for row in range(found.ntuples):
            number, text = found.get_value(row, 0), found.get_value(row, 1)
            if number is not None and text is not None:
                asking[int(number)].answer = text.decode()

    def _server(self) -> PGconn:
        if self._connection is None:
            self._connection = connected(self._engine, writes=False)
            self._connection.pgconn.prepare(b"question", self._text)
        server: PGconn = self._connection.pgconn
        return server
