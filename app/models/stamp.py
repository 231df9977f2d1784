"""The stamp of what a shopper sees: as long as it is the same, so is the answer that was made.

It is asked for with every page view, so it is one statement that finds each row by a key.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
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

Stamp = list[tuple[object, ...]]


def stamp_query() -> Select[Any]:
    """All that may change what `customer` of the shop at `domain` sees at an instant `at`.

    Their redemptions, orders and points change only while the member is locked, which counts.
    """
    return _stamp(bindparam("at"), bindparam("domain"), bindparam("customer"))


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
    its = _stamp(asked.c.at, asked.c.domain, asked.c.customer)
    stamp = its.offset(literal_column("0")).lateral("stamp")
    as_text = cast(tuple_(*stamp.c), Text)
    return select(asked.c.number, as_text).select_from(asked.join(stamp, true()))


def _stamp(
    at: ColumnElement[Any], domain: ColumnElement[Any], customer: ColumnElement[Any]
) -> Select[Any]:
    shop, credential, member, revision = (
        Base.metadata.tables[table.__tablename__]
        for table in (Shop, Credential, Member, ProgramRevision)
    )
    in_force = (
        select(func.max(revision.c.number))
        .where(revision.c.shop_id == shop.c.id, revision.c.effective_at <= at)
        .correlate_except(revision)
        .scalar_subquery()
    )
    is_customer = (member.c.shop_id == shop.c.id) & (member.c.customer_id == customer)
    told = (shop.c.state, shop.c.currency, shop.c.timezone, cast(shop.c.look, Text))
    rows = shop.outerjoin(credential, credential.c.shop_id == shop.c.id)
    return (
        select(shop.c.id, *told, credential.c.scopes, in_force, member.c.id, member.c.locks)
        .select_from(rows.outerjoin(member, is_customer))
        .where(shop.c.domain == domain)
    )
