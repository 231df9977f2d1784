"""Webhooks: who asked for them, the queue they wait in, and how each attempt went."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from demoshop.records.base import Base

PENDING, DELIVERED, FAILED, DROPPED = "pending", "delivered", "failed", "dropped"


class Subscription(Base):
    """A topic and an address, asked for through the Admin API."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    uri: Mapped[str]
    name: Mapped[str | None]
    filter: Mapped[str | None]
    last_success_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Webhook(Base):
    """One message to one address; body and address stay those of the first attempt."""

    __tablename__ = "webhook"
    __table_args__ = (Index("webhook_due", "state", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The same on every attempt and every duplicate: what a receiver tells repeats by.
    webhook_id: Mapped[str] = mapped_column(index=True)
    event_id: Mapped[str]
    topic: Mapped[str]
    url: Mapped[str]
    body: Mapped[str]
    order_id: Mapped[int | None] = mapped_column(index=True)
    subscription_id: Mapped[int | None]
    note: Mapped[str]
    state: Mapped[str]
    run_at: Mapped[datetime]
    triggered_at: Mapped[datetime]

    attempts: Mapped[list["Attempt"]] = relationship(
        order_by="Attempt.id", cascade="all, delete-orphan", lazy="selectin"
    )


class Attempt(Base):
    """One try: the answer, or why there was none."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_row: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    status: Mapped[int | None]
    milliseconds: Mapped[int]
    error: Mapped[str]


class ScriptTag(Base):
    """A script the app wants on every storefront page."""

    __tablename__ = "script_tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    src: Mapped[str]
    display_scope: Mapped[str]
    created_at: Mapped[datetime]


def subscriptions(session: Session) -> list[Subscription]:
    """Every subscription, oldest first."""
    return list(session.scalars(select(Subscription).order_by(Subscription.id)))


def script_tags(session: Session) -> list[ScriptTag]:
    """Every script tag, oldest first."""
    return list(session.scalars(select(ScriptTag).order_by(ScriptTag.id)))


def due(session: Session, now: datetime, limit: int) -> list[Webhook]:
    """The webhooks whose time has come, in the order they were meant to leave."""
    waiting = select(Webhook).where(Webhook.state == PENDING, Webhook.run_at <= now)
    return list(session.scalars(waiting.order_by(Webhook.run_at, Webhook.id).limit(limit)))


def next_due(session: Session) -> datetime | None:
    """When the next webhook wants to leave."""
    return session.scalar(select(func.min(Webhook.run_at)).where(Webhook.state == PENDING))


def webhook_counts(session: Session) -> dict[str, int]:
    """How many webhooks are in each state."""
    counted = select(Webhook.state, func.count().label("total")).group_by(Webhook.state)
    found = {row.state: row.total for row in session.execute(counted)}
    return {state: found.get(state, 0) for state in (PENDING, DELIVERED, FAILED, DROPPED)}


def latest_webhooks(session: Session, limit: int) -> list[Webhook]:
    """The newest webhooks first."""
    return list(session.scalars(select(Webhook).order_by(Webhook.id.desc()).limit(limit)))


def webhooks_of(session: Session, order_id: int) -> list[Webhook]:
    """What was sent about an order, oldest first and each message once."""
    query = select(Webhook).where(Webhook.order_id == order_id).order_by(Webhook.id)
    first: dict[str, Webhook] = {}
    for webhook in session.scalars(query):
        first.setdefault(webhook.webhook_id, webhook)
    return list(first.values())
