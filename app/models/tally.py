"""How many points a rule or campaign with a budget has given so far."""

from collections.abc import Collection

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.among import among
from app.models.base import ID, Base, ShopId
from app.models.rows import insert_new


class Tally(Base):
    """The points that one part of the program has given to all members together."""

    __tablename__ = "tally"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    given: Mapped[int] = mapped_column(default=0)


def lock_tallies(session: Session, shop_id: ShopId, codes: Collection[str]) -> dict[str, Tally]:
    """These tallies, begun at nothing, and ours until the commit."""
    if not codes:
        return {}
    rows = [{"shop_id": shop_id, "code": code, "given": 0} for code in sorted(codes)]
    insert_new(session, Tally, rows)
    query = (
        select(Tally)
        .where(Tally.shop_id == shop_id, among(Tally.code, codes))
        .order_by(Tally.code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {tally.code: tally for tally in session.scalars(query)}


def given_points(session: Session, shop_id: ShopId, codes: Collection[str]) -> dict[str, int]:
    """What these parts have given so far, for looking at only; the next moment it may be more."""
    if not codes:
        return {}
    query = select(Tally.code, Tally.given).where(
        Tally.shop_id == shop_id, among(Tally.code, codes)
    )
    begun = {row.code: row.given for row in session.execute(query)}
    return dict.fromkeys(codes, 0) | begun
