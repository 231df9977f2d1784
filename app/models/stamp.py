"""The stamp of what a shopper sees: as long as it is the same, so is the answer that was made.

It is asked for with every page view, so it is one statement that finds each row by a key.
"""

from sqlalchemy import Select, Text, bindparam, cast, func, select

from app.models.base import Base
from app.models.member import Member
from app.models.program import ProgramRevision
from app.models.shop import Credential, Shop

Stamp = list[tuple[object, ...]]


def stamp_query() -> Select[tuple[object, ...]]:
    """All that may change what `customer` of the shop at `domain` sees at an instant `at`.

    Their redemptions, orders and points change only while the member is locked, which counts.
    """
    shop, credential, member, revision = (
        Base.metadata.tables[table.__tablename__]
        for table in (Shop, Credential, Member, ProgramRevision)
    )
    in_force = (
        select(func.max(revision.c.number))
        .where(revision.c.shop_id == shop.c.id, revision.c.effective_at <= bindparam("at"))
        .scalar_subquery()
    )
    is_customer = (member.c.shop_id == shop.c.id) & (member.c.customer_id == bindparam("customer"))
    told = (shop.c.state, shop.c.currency, shop.c.timezone, cast(shop.c.look, Text))
    rows = shop.outerjoin(credential, credential.c.shop_id == shop.c.id)
    return (
        select(shop.c.id, *told, credential.c.scopes, in_force, member.c.id, member.c.locks)
        .select_from(rows.outerjoin(member, is_customer))
        .where(shop.c.domain == bindparam("domain"))
    )
