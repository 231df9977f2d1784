"""What members have bought: order records as tiers, segments and histories read them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, select
from sqlalchemy.orm import Session

from app.models.among import among
from app.models.base import Base, ShopId
from app.models.order import OrderRecord

Bought = tuple[UUID, str, datetime, int, list[str]]
"""One order of a member: member, order, when placed, goods kept, product categories."""


def bought_by(session: Session, shop_id: ShopId, member_ids: Collection[UUID]) -> list[Bought]:
    """All that these members ever bought and kept."""
    query = select(
        OrderRecord.member_id,
        OrderRecord.order_id,
        OrderRecord.placed_at,
        OrderRecord.spend_minor,
        OrderRecord.categories,
    ).where(
        OrderRecord.shop_id == shop_id,
        among(OrderRecord.member_id, member_ids),
        OrderRecord.spend_minor > 0,
        OrderRecord.wiped.is_(False),
    )
    return [(*row[:4], list(row[4])) for row in session.execute(query)]  # type: ignore[misc]


def is_purchase() -> ColumnElement[bool]:
    """Whether an order was paid, and its customer kept something of it: as its index asks."""
    return and_(
        OrderRecord.member_id.is_not(None),
        OrderRecord.counts_at.is_not(None),
        OrderRecord.spend_minor > literal_column("0"),
    )


def purchases_between(
    session: Session, shop_id: ShopId, first_id: UUID, last_id: UUID
) -> dict[UUID, tuple[tuple[datetime, int], ...]]:
    """What members have bought, from one id to another: when and for how much, the oldest first.

    Members who follow each other lie together in the index, so a thousand cost one look at it. Who
    has bought nothing is left out.
    """
    query = (
        select(OrderRecord.member_id, OrderRecord.placed_at, OrderRecord.spend_minor)
        .where(OrderRecord.shop_id == shop_id, is_purchase())
        .where(OrderRecord.member_id >= first_id, OrderRecord.member_id <= last_id)
        .order_by(OrderRecord.member_id, OrderRecord.placed_at)
    )
    found: dict[Any, list[Any]] = {}
    for member_id, *bought in session.execute(query):
        found.setdefault(member_id, []).append(tuple(bought))
    return {member_id: tuple(orders) for member_id, orders in found.items()}


def newest_orders_of(
    session: Session, shop_id: ShopId, member_id: UUID, *, limit: int
) -> list[OrderRecord]:
    """The orders whose points a member has, the one that was placed last first."""
    query = (
        select(OrderRecord)
        .where(OrderRecord.shop_id == shop_id, OrderRecord.member_id == member_id)
        .order_by(OrderRecord.placed_at.desc().nulls_last(), OrderRecord.order_id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def orders_by_id(
    session: Session, shop_id: ShopId, order_ids: Collection[str]
) -> dict[str, OrderRecord]:
    """The records of these orders."""
    query = select(OrderRecord).where(
        OrderRecord.shop_id == shop_id, among(OrderRecord.order_id, order_ids)
    )
    return {record.order_id: record for record in session.scalars(query)}


Measurable = tuple[UUID, str, datetime, int, int]
"""One order towards a tier: member, order, when it counts, goods kept, points kept."""


_ITS = Base.metadata.tables[OrderRecord.__tablename__].c
# Each page view asks it; to build a statement takes as long as to carry it out.
_MEASURABLE = select(
    _ITS.member_id, _ITS.order_id, _ITS.counts_at, _ITS.spend_minor, _ITS.posted_available
).where(
    _ITS.shop_id == bindparam("shop_id"),
    among(_ITS.member_id, named="member_ids"),
    _ITS.counts_at.is_not(None),
    _ITS.wiped.is_(False),
)
_SINCE = _ITS.counts_at >= bindparam("since")


def measurables(
    session: Session, shop_id: ShopId, member_ids: Collection[UUID], since: datetime | None
) -> list[Measurable]:
    """What these members bought and kept since an instant; of all time without one."""
    given = {"shop_id": shop_id, "member_ids": list(member_ids), "since": since}
    statement = _MEASURABLE if since is None else _MEASURABLE.where(_SINCE)
    return [tuple(row) for row in session.execute(statement, given)]
