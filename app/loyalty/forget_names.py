"""Take names out of the journal that nothing in the books bears any more."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.fact import FactRow
from app.models.member import Member
from app.models.order import OrderRecord


def forget_names(
    session: Session,
    shop_id: ShopId,
    customers: Iterable[str | None],
    hashes: Iterable[str | None],
) -> None:
    """Take names out of the journal that nothing in the books bears any more.

    Each becomes the number of the first fact that had it: the same in all of them, so that what
    belongs together still does, and nobody's. What came under the same names is looked at, too: a
    person may have had another address before. A name that somebody still bears stays.
    """
    session.flush()
    customer_ids = {one for one in customers if one is not None}
    email_hashes = {one for one in hashes if one is not None}
    customer_ids |= _beside(session, shop_id, FactRow.email_hash, email_hashes)
    email_hashes |= _beside(session, shop_id, FactRow.customer_id, customer_ids)
    for name, wanted in (("customer_id", customer_ids), ("email_hash", email_hashes)):
        for gone in sorted(wanted - _borne(session, shop_id, name, wanted)):
            _rename(session, shop_id, name, gone)


def forget_all_names(session: Session, shop_id: ShopId) -> None:
    """Take every name out of the journal of a shop whose people are all forgotten."""
    for name in ("customer_id", "email_hash"):
        column = getattr(FactRow, name)
        query = select(column).where(FactRow.shop_id == shop_id, column.is_not(None)).distinct()
        for gone in list(session.scalars(query)):
            _rename(session, shop_id, name, gone)


def _beside(session: Session, shop_id: ShopId, column: Any, names: set[str]) -> set[str]:
    """What else those facts name that have one of these names."""
    other = FactRow.customer_id if column is FactRow.email_hash else FactRow.email_hash
    query = select(other).where(FactRow.shop_id == shop_id, column.in_(names), other.is_not(None))
    return {name for name in session.scalars(query.distinct()) if name is not None}


def _borne(session: Session, shop_id: ShopId, name: str, wanted: set[str]) -> set[str]:
    """Those names that a member or an order still goes by."""
    found: set[str] = set()
    for table in (Member, OrderRecord):
        column = getattr(table, name)
        query = select(column).where(table.shop_id == shop_id, column.in_(wanted)).distinct()
        found |= set(session.scalars(query))
    return found


def _rename(session: Session, shop_id: ShopId, name: str, gone: str) -> None:
    column = getattr(FactRow, name)
    bearing = (FactRow.shop_id == shop_id, column == gone)
    query = select(FactRow.number, FactRow.place).where(*bearing)
    first = session.execute(query.order_by(FactRow.number, FactRow.place).limit(1)).one_or_none()
    if first is not None:
        statement = update(FactRow).where(*bearing).values({name: f"~{first.number}.{first.place}"})
        session.execute(statement.execution_options(synchronize_session=False))
