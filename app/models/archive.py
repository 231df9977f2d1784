"""All tables as lines of text, and back: a copy that fits either kind of database.

A line opens a table or is one of its rows; the last one says how many rows there were, so that half
a copy is not taken for a whole one. What is sealed stays sealed in it.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Column, LargeBinary, Table, Uuid, func, insert, select
from sqlalchemy.orm import Session

from app.models.base import Base, Instant, ShopId
from app.models.fact import NUMBERS, FactRow, count_on
from app.models.queue import ALL_SHOPS
from app.models.shop import Shop

LOT = 500

OF_THIS_PLACE = frozenset(
    [
        *("api_key", "credential", "delivery", "effect", "emptied_balance", "report"),
        *("rebuild_mark", "sign_in", "sign_out"),
        *("stored_file", "stored_piece", "export_run", "import_run", "import_line"),
    ]
)
"""A shop's tables that stay where they are when it moves: secrets, queues, and what is passing."""


class BrokenArchive(ValueError):
    """The lines are not a whole copy of these tables."""


def tables_of_a_shop() -> list[Table]:
    """The tables that a shop takes along when it moves to another installation."""
    tables = Base.metadata.sorted_tables
    return [one for one in tables if "shop_id" in one.columns and one.name not in OF_THIS_PLACE]


def lines_of(session: Session, shop_id: ShopId | None = None) -> Iterator[bytes]:
    """Every row of every table, or of what one shop takes along, as the session sees them."""
    count = 0
    for table in _tables(shop_id):
        yield orjson.dumps({"table": table.name, "columns": [one.name for one in table.columns]})
        query = select(table).order_by(*table.primary_key.columns)
        if shop_id is not None:
            query = query.where(table.columns.shop_id == shop_id)
        options = {"yield_per": LOT, **ALL_SHOPS}
        for row in session.execute(query.execution_options(**options)):
            yield orjson.dumps(list(row), default=_written)
            count += 1
    yield orjson.dumps({"rows": count})


def fill(session: Session, lines: Iterable[bytes]) -> int:
    """Write the rows into tables that are empty; returns how many. Raises BrokenArchive."""
    count = _fill(session, lines, None)
    count_on(session, "shop_id_seq", Shop.id)
    count_on(session, NUMBERS.name, FactRow.number)
    return count


def fill_shop(session: Session, shop_id: ShopId, lines: Iterable[bytes]) -> int:
    """Write what a shop took along into the rows of a shop that has none; returns how many.

    Raises BrokenArchive.
    """
    count = _fill(session, lines, shop_id)
    count_on(session, NUMBERS.name, FactRow.number, FactRow.shop_id == shop_id)
    return count


def _tables(shop_id: ShopId | None) -> list[Table]:
    return Base.metadata.sorted_tables if shop_id is None else tables_of_a_shop()


def _fill(session: Session, lines: Iterable[bytes], shop_id: ShopId | None) -> int:
    tables = {table.name: table for table in _tables(shop_id)}
    count, told, table, columns = 0, None, None, []
    unread = iter(lines)
    while lot := [_parsed(line) for line in islice(unread, LOT)]:
        rows: list[dict[str, Any]] = []
        for line in lot:
            if isinstance(line, list) and table is not None and len(line) == len(columns):
                rows.append(_row(columns, line, shop_id))
                continue
            count += _insert(session, table, rows)
            rows = []
            if isinstance(line, dict) and line.get("table") in tables:
                table = tables[line["table"]]
                columns = _columns(table, line.get("columns"))
            elif isinstance(line, dict) and "rows" in line:
                told = line["rows"]
            else:
                raise BrokenArchive("A line is neither a table nor one of its rows.")
        count += _insert(session, table, rows)
    if told != count:
        raise BrokenArchive(f"{count} rows were found, and {told} were announced.")
    return count


def is_empty(session: Session) -> bool:
    """Whether no shop has ever been here."""
    return session.scalar(select(func.count()).select_from(Shop)) == 0


def _written(value: Any) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, UUID):
        return value.hex
    raise TypeError(f"{type(value).__name__} has no written form.")


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BrokenArchive("A line cannot be read.") from error


def _columns(table: Table, names: Any) -> list[Column[Any]]:
    if not isinstance(names, list) or {*names} != {one.name for one in table.columns}:
        raise BrokenArchive(f"The table {table.name} has other columns.")
    return [table.columns[name] for name in names]


def _row(columns: list[Column[Any]], values: list[Any], shop_id: ShopId | None) -> dict[str, Any]:
    pairs = zip(columns, values, strict=True)
    row = {column.name: value_in(column, value) for column, value in pairs}
    return row if shop_id is None else row | {"shop_id": shop_id}


def value_in(column: Column[Any], value: Any) -> Any:
    """A value of a column from how it is written in a line. Raises BrokenArchive."""
    if value is None:
        return None
    try:
        if isinstance(column.type, Instant):
            return datetime.fromisoformat(value)
        if isinstance(column.type, LargeBinary):
            return b64decode(value)
        return UUID(value) if isinstance(column.type, Uuid) else value
    except (TypeError, ValueError, AttributeError) as error:
        raise BrokenArchive(f"A value of {column} cannot be read.") from error


def _insert(session: Session, table: Table | None, rows: list[dict[str, Any]]) -> int:
    if table is not None and rows:
        session.execute(insert(table), rows)
    return len(rows)
