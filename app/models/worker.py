"""What the workers say of themselves, and when recurring work is due next."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import Base
from app.models.rows import insert_new

PULSES_LIVE = timedelta(days=1)


class WorkerPulse(Base):
    """One worker process and when it was last seen alive."""

    __tablename__ = "worker_pulse"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[datetime]


class Chore(Base):
    """Recurring work of the whole installation; whoever moves `run_at` on does it."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    run_at: Mapped[datetime]


def beat(session: Session, name: str, *, at: datetime) -> None:
    """Say that a worker is alive; a new one forgets those who were last seen long ago."""
    pulse = session.get(WorkerPulse, name)
    if pulse is None:
        session.execute(delete(WorkerPulse).where(WorkerPulse.seen_at < at - PULSES_LIVE))
        session.add(WorkerPulse(name=name, seen_at=at))
    else:
        pulse.seen_at = at


def last_pulse(session: Session) -> datetime | None:
    """When any worker was last seen alive."""
    return session.scalar(select(func.max(WorkerPulse.seen_at)))


def chore(session: Session, name: str, *, first_at: datetime) -> Chore:
    """A chore by its name, locked; made, and due at once, when it is new."""
    insert_new(session, Chore, [{"name": name, "run_at": first_at}])
    query = select(Chore).where(Chore.name == name).with_for_update()
    return session.scalars(query).one()
