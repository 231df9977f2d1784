"""Named facts of which there is one each: switches, counters, keys."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, Session, mapped_column

from demoshop.records.base import Base


class Setting(Base):
    """One named fact."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


def setting(session: Session, name: str, default: Any = None) -> Any:
    """What is recorded under a name."""
    row = session.get(Setting, name)
    return default if row is None else row.value


def set_setting(session: Session, name: str, value: Any) -> None:
    """Record a value under a name."""
    session.merge(Setting(name=name, value=value))
    session.flush()


def next_number(session: Session, name: str, first: int) -> int:
    """The next of a series that never repeats, not even after a reset.

    The app may remember an order of before the reset; a new order must not look like it.
    """
    number = int(setting(session, f"next:{name}", first))
    set_setting(session, f"next:{name}", number + 1)
    return number
