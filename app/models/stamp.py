"""The stamp of what a shopper sees: as long as it is the same, so is the answer that was made.

It is asked for with every page view, so it is one statement that finds each row by a key. A stamp
is a text that means nothing: it is only compared.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from app.models.base import Base, Instant
from app.models.member import Member
from app.models.program import ProgramRevision
from app.models.shop import Credential, Shop

_SHOP, _CREDENTIAL, _MEMBER, _REVISION = (
    Base.metadata.tables[table.__tablename__]
    for table in (Shop, Credential, Member, ProgramRevision)
)


def stamp_query() -> Select[Any]:
    """The stamp of what `customer` of the shop at `domain` sees `at` an instant (SQLite)."""
    stamp = stamp_at(bindparam("at"), "sqlite")
    rows = stamped_rows(bindparam("customer"))
    return select(stamp).select_from(rows).where(_SHOP.c.domain == bindparam("domain"))


def stamps_query() -> Select[Any]:
    """The same in PostgreSQL for all who are `asked` about, a JSON list: number and stamp of each.

    Each is looked for by itself, by its keys, whatever the planner thinks of so many: a part with
    an offset is never taken apart.
    """
    asked = (
        func.json_to_recordset(cast(bindparam("asked", type_=Text), JSON))
        .table_valued(
            column("number", BigInteger),
            column("at", Instant),
            column("domain", Text),
            column("customer", Text),
            name="asked",
        )
        .render_derived(with_types=True)
    )
    stamp = (
        select(stamp_at(asked.c.at, "postgresql").label("stamp"))
        .select_from(stamped_rows(asked.c.customer))
        .where(_SHOP.c.domain == asked.c.domain)
        .offset(literal_column("0"))
        .lateral("stamped")
    )
    return select(asked.c.number, stamp.c.stamp).select_from(asked.join(stamp, true()))


def stamp_at(at: ColumnElement[Any], dialect: str) -> ColumnElement[str]:
    """All that may change what the customer of some `stamped_rows` sees at an instant.

    Their redemptions, orders and points change only while the member is locked, which counts.
    """
    facts = (
        *(_SHOP.c.id, _SHOP.c.state, _SHOP.c.currency, _SHOP.c.timezone),
        *(cast(_SHOP.c.look, Text), _CREDENTIAL.c.scopes, number_in_force(at)),
        *(_MEMBER.c.id, _MEMBER.c.locks),
    )
    if dialect == "postgresql":
        return cast(tuple_(*facts), Text)
    return func.json_array(*facts, type_=Text)


def stamped_rows(customer: ColumnElement[Any]) -> FromClause:
    """Shops with what was granted to us, and with the member that a customer of theirs is."""
    is_customer = (_MEMBER.c.shop_id == _SHOP.c.id) & (_MEMBER.c.customer_id == customer)
    rows = _SHOP.outerjoin(_CREDENTIAL, _CREDENTIAL.c.shop_id == _SHOP.c.id)
    return rows.outerjoin(_MEMBER, is_customer)


def number_in_force(at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Which revision of a shop's program is in force at an instant."""
    return (
        select(func.max(_REVISION.c.number))
        .where(_REVISION.c.shop_id == _SHOP.c.id, _REVISION.c.effective_at <= at)
        .correlate_except(_REVISION)
        .scalar_subquery()
    )
