"""Take names out of the journal that nothing in the books bears any more."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.fact import GONE, FactRow
from app.models.member import Member
from app.models.order import OrderRecord


def forget_names(
    session: Session,
    shop_id: ShopId,
    customers: Iterable[str | None],
    hashes: Iterable[str | None],
) -> None:
    """Take those of these names out of the journal that nothing in the books bears any more.

    It is asked whenever a member or an order has lost a name, so the journal names only whom the
    books name. Each becomes the number of the first fact that had it: the same in all of them, so
    that what belongs together still does, and nobody's.
    """
    session.flush()
    for name, told in (("customer_id", customers), ("email_hash", hashes)):
        left = {one for one in told if one is not None}
        for gone in sorted(left - _borne(session, shop_id, name, left)) if left else ():
            _rename(session, shop_id, name, gone)


def forget_all_names(session: Session, shop_id: ShopId) -> None:
    """Take every name out of the journal of a shop whose people are all forgotten."""
    for name in ("customer_id", "email_hash"):
        column = getattr(FactRow, name)
        query = select(column).where(FactRow.shop_id == shop_id, column.is_not(None)).distinct()
        for gone in list(session.scalars(query)):
            _rename(session, shop_id, name, gone)


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
        nobody = f"{GONE}{first.number}.{first.place}"
        statement = update(FactRow).where(*bearing).values({name: nobody})
        session.execute(statement.execution_options(synchronize_session=False))
