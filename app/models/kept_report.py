"""Reports that were computed ahead, so that a large shop's page need not wait for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, Document, ShopId, put


class KeptReport(Base):
    """The newest report of a shop over so many days until now."""

    __tablename__ = "report"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    computed_at: Mapped[datetime]
    took_ms: Mapped[int]
    document: Mapped[Document]


def kept_report(session: Session, shop_id: ShopId, days: int) -> KeptReport | None:
    """The report over so many days; None when none was computed yet."""
    return session.get(KeptReport, (shop_id, days))


def keep_report(
    session: Session,
    shop_id: ShopId,
    days: int,
    document: Mapping[str, Any],
    *,
    took_ms: int,
    at: datetime,
) -> None:
    """Put a report in the place of the one before it; several may do so at once."""
    row = {
        "shop_id": shop_id,
        "days": days,
        "document": dict(document),
        "took_ms": took_ms,
        "computed_at": at,
    }
    put(session, KeptReport, row)
