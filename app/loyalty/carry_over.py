"""Carry over what no fact tells of: what a rebuilt shop needs beside its books to go on.

What a replay does not make is copied as it is. Of what it makes, a few columns are decided by no
fact, or say something of people, who can be forgotten: these are copied by id.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.models.base import Base, ShopId
from app.models.fact import NUMBERS, FactRow, count_on
from app.models.shop import Shop

REPLAYED = (
    *("member", "order_record", "transfer", "redemption", "program_revision"),
    *("product", "tally", "tier_change"),
)
"""The tables that a replay fills; a shop's other tables are copied."""
BESIDE = {
    "member": ("birthday", "birthday_entered_at", "floor_reason", "synced_balance", "locks"),
    "redemption": ("tried_at", "error"),
}
OPENED = ("id", "domain", "platform", "installed_at")
"""What a rebuilt shop begins with; the rest of it is copied."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class _Way:
    """From where to where rows are copied."""

    source: Session
    old_id: ShopId
    target: Session
    new_id: ShopId


def carry_over(source: Session, shop: Shop, target: Session, shop_id: ShopId) -> None:
    """Bring a rebuilt shop to where the original is in everything that the journal leaves out."""
    rebuilt = target.get_one(Shop, shop_id)
    for column in Shop.__table__.columns:
        if column.name not in OPENED:
            setattr(rebuilt, column.name, getattr(shop, column.name))
    target.flush()
    way = _Way(source, shop.id, target, shop_id)
    for table in Base.metadata.sorted_tables:
        if "shop_id" in table.columns and table.name not in REPLAYED:
            _copy(table, way)
    for name, columns in BESIDE.items():
        _complete(Base.metadata.tables[name], columns, way)
    count_on(target, NUMBERS.name, FactRow.number, FactRow.shop_id == shop_id)


def _copy(table: Table, way: _Way) -> None:
    """Put the original's rows in the place of what the replay has queued or noted."""
    way.target.execute(delete(table).where(table.columns.shop_id == way.new_id))
    rows = way.source.execute(select(table).where(table.columns.shop_id == way.old_id))
    for chunk in rows.mappings().partitions(CHUNK):
        way.target.execute(insert(table), [{**row, "shop_id": way.new_id} for row in chunk])


def _complete(table: Table, names: tuple[str, ...], way: _Way) -> None:
    columns = [table.columns[name] for name in names]
    known = or_(*(_is_known(column) for column in columns))
    query = select(table.columns.id.label("of"), *columns)
    found = way.source.execute(query.where(table.columns.shop_id == way.old_id, known)).mappings()
    if rows := [dict(row) for row in found]:
        of_row = table.columns.id == bindparam("of")
        statement = update(table).where(table.columns.shop_id == way.new_id, of_row)
        way.target.connection().execute(statement, rows)


def _is_known(column: Column[Any]) -> ColumnElement[bool]:
    """Whether a column says anything but what a new row does."""
    new = column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
    return column.is_distinct_from(new)
