"""Orders with whom they belong to, one after the other as they were placed: what a replay reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.domain.order import Order
from app.domain.products import ProductFacts
from app.models.base import Document, ShopId
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.order_document import order_from

CHUNK = 500


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """One order as it stands, and what of its member decides about it.

    A guest has no `customer_id`; `owner` is the member's id, or the guest's keyed hash. `entered`
    are the tiers whose entry was rewarded to the member by now.
    """

    owner: str
    facts: Document
    deleted_at: datetime | None
    customer_id: str | None
    joined_at: datetime | None
    floor_tier: str | None
    floor_until: datetime | None
    entered: frozenset[str]
    arm: str | None

    def order(self, catalog: Mapping[str, ProductFacts]) -> Order:
        """The order itself, with what the catalog says of its products."""
        order = order_from(self.facts)
        if self.deleted_at is not None:
            order = replace(order, canceled_at=order.canceled_at or self.deleted_at)
        if not catalog:
            return order
        lines = tuple(
            replace(line, tags=known.tags, collections=known.collections, category=known.category)
            if (known := catalog.get(line.product_id)) is not None
            else line
            for line in order.lines
        )
        return replace(order, lines=lines)

    @property
    def product_ids(self) -> set[str]:
        """The products on its lines."""
        return {line["product_id"] for line in self.facts["lines"] if line["product_id"]}


def _is_owned(shop_id: ShopId) -> ColumnElement[bool]:
    return and_(
        OrderRecord.shop_id == shop_id,
        OrderRecord.placed_at.is_not(None),
        or_(OrderRecord.member_id.is_not(None), OrderRecord.email_hash.is_not(None)),
    )


def count_placed(session: Session, shop_id: ShopId) -> int:
    """How many orders there are that belong to somebody."""
    return session.scalar(select(func.count()).where(_is_owned(shop_id))) or 0


def placed_orders(
    session: Session, shop_id: ShopId, *, by_member: bool, only: ColumnElement[bool] | None = None
) -> Iterator[list[PlacedOrder]]:
    """Orders in chunks: each member's together, or everybody's in one row, as they were placed.

    With `only`, those that it holds for.
    """
    guest = case((OrderRecord.member_id.is_(None), OrderRecord.email_hash), else_=None)
    together = (OrderRecord.member_id, guest) if by_member else ()
    query = (
        select(
            OrderRecord.member_id,
            OrderRecord.email_hash,
            OrderRecord.facts,
            OrderRecord.deleted_at,
            Member.customer_id,
            Member.joined_at,
            Member.floor_tier,
            Member.floor_until,
            Member.entered,
            Member.arm,
        )
        .outerjoin(
            Member, and_(Member.shop_id == OrderRecord.shop_id, Member.id == OrderRecord.member_id)
        )
        .where(_is_owned(shop_id), *(() if only is None else (only,)))
        .order_by(*together, OrderRecord.placed_at, OrderRecord.order_id)
    )
    rows = session.execute(query.execution_options(yield_per=CHUNK))
    for chunk in rows.partitions(CHUNK):
        yield [
            PlacedOrder(
                owner=str(row.member_id or row.email_hash),
                facts=row.facts,
                deleted_at=row.deleted_at,
                customer_id=row.customer_id,
                joined_at=row.joined_at,
                floor_tier=row.floor_tier,
                floor_until=row.floor_until,
                entered=frozenset(row.entered or ()),
                arm=row.arm,
            )
            for row in chunk
            if row.facts is not None
        ]


def joined_without_orders(
    session: Session, shop_id: ShopId
) -> Iterator[tuple[datetime, str | None]]:
    """When those customers joined who have never ordered, and their side of a holdout."""
    ordered = select(OrderRecord.order_id).where(
        OrderRecord.shop_id == shop_id, OrderRecord.member_id == Member.id
    )
    query = select(Member.joined_at, Member.arm).where(
        Member.shop_id == shop_id, Member.customer_id.is_not(None), ~ordered.exists()
    )
    rows = session.execute(query.execution_options(yield_per=CHUNK))
    yield from ((row.joined_at, row.arm) for row in rows)
