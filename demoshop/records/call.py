"""What the app asked of the Admin API, for the event log."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from demoshop.records.base import Base


class ApiCall(Base):
    """One call of the app and how it ended."""

    __tablename__ = "api_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operation: Mapped[str]
    status: Mapped[int]
    # "ok", "user errors", "throttled", "refused", "chaos" …
    outcome: Mapped[str]
    cost: Mapped[int]
    milliseconds: Mapped[int]
    asked: Mapped[str]


def latest_calls(session: Session, limit: int) -> list[ApiCall]:
    """The newest calls first."""
    return list(session.scalars(select(ApiCall).order_by(ApiCall.id.desc()).limit(limit)))
