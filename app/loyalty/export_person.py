"""Everything we hold on a person, for the merchant to hand over to them.

It is read from the tables themselves: every row that names the person or one of their members, in
whatever table. So a table that comes later is in the export without anybody thinking of it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, LargeBinary, Table, or_, select
from sqlalchemy.orm import Session

from app.models.base import Base, Document
from app.models.member import Member
from app.models.merged import merged_into
from app.models.person import is_person, names_any
from app.models.shop import Shop

OpenBody = Callable[[bytes], bytes]
"""What opens a sealed body."""

BY_CUSTOMER, BY_HASH = "customer_id", "email_hash"
BY_MEMBER = "member_id"


def export_person(
    session: Session,
    shop: Shop,
    *,
    customer_id: str | None,
    email_hash: str | None,
    open_body: OpenBody,
) -> Document:
    """Every row about a person, as whoever was merged into them too, by table; empty for nothing.

    Raises what `open_body` raises for a body that was sealed with a key we no longer have.
    """
    members = members_of_person(session, shop, customer_id, email_hash)
    persons = {customer_id, email_hash} - {None}
    for member in members:
        persons |= {member.customer_id, member.email_hash} - {None}
    ids = [member.id for member in members]
    ids += session.scalars(merged_into(shop.id, ids))
    held: Document = {}
    for table in Base.metadata.sorted_tables:
        whose = _whose(table, persons, ids)
        if whose is None:
            continue
        query = select(table).where(table.c.shop_id == shop.id, whose)
        rows = [
            dict(_told(table, row, open_body))
            for row in session.execute(query.order_by(*table.primary_key)).mappings()
        ]
        if rows:
            held[str(table.name)] = rows
    return held


def members_of_person(
    session: Session, shop: Shop, customer_id: str | None, email_hash: str | None
) -> list[Member]:
    """The members a person is: usually one, and none for somebody we never knew."""
    query = select(Member).where(Member.shop_id == shop.id, is_person(customer_id, email_hash))
    return list(session.scalars(query.order_by(Member.joined_at)))


def _whose(table: Table, persons: set[Any], member_ids: list[UUID]) -> ColumnElement[bool] | None:
    """The condition for a table's rows about somebody; None where no row is about anybody."""
    conditions: list[ColumnElement[bool]] = []
    if BY_HASH in table.c:
        columns = (table.c[BY_CUSTOMER], table.c[BY_HASH])
        conditions.append(names_any(*columns, persons, member_id=table.c.get(BY_MEMBER)))
    elif BY_CUSTOMER in table.c:
        conditions.append(table.c[BY_CUSTOMER].in_(persons))
    if BY_MEMBER in table.c:
        conditions.append(table.c[BY_MEMBER].in_(member_ids))
    if table.name == Member.__tablename__:
        conditions.append(table.c.id.in_(member_ids))
    return or_(*conditions) if conditions else None


def _told(
    table: Table, row: Mapping[Any, Any], open_body: OpenBody
) -> Iterator[tuple[str, object]]:
    """A row's columns as JSON can say them; what is sealed is opened."""
    for column in table.columns:
        value, name = row[column], str(column.name)
        if name == "shop_id" or value is None:
            continue
        if isinstance(column.type, LargeBinary):
            yield name.removesuffix("_sealed"), _opened(open_body(value))
        elif isinstance(value, datetime):
            yield name, value.isoformat()
        elif isinstance(value, UUID):
            yield name, str(value)
        else:
            yield name, value


def _opened(body: bytes) -> object:
    """A body as it was sent; what is no JSON is told as the text it is."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode(errors="replace")
