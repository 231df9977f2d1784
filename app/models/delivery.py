"""The inbox: webhooks as they were received, until they are understood and after."""

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import itemgetter

from sqlalchemy import Index, String, case, delete, func, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Asked, Base, Document, ShopId
from app.models.queue import OPEN, Queued, State, by_state, of_shop_in
from app.models.rows import insert_new


class Delivery(Queued, Base):
    """A signed webhook of a shop. The body is sealed, and dropped when it is no longer needed."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "state", "run_at"),
        Index("ix_delivery_received", "shop_id", "received_at"),
        Index("ix_delivery_customer", "shop_id", "customer_id"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    topic: Mapped[str] = mapped_column(String(100))
    body_sealed: Mapped[bytes | None]
    received_at: Mapped[datetime]
    triggered_at: Mapped[datetime | None]
    customer_id: Mapped[str | None] = mapped_column(String(64), default=None)
    """Whom it is about, so that it can be erased with them: the keyed hash, for a guest."""
    events: Mapped[int | None] = mapped_column(default=None)
    """How many events it reported; None until it was understood, 0 for what is none of ours."""


INBOX = Base.metadata.tables[Delivery.__tablename__]
"""The table itself, for statements that know nothing of sessions."""


class StrayDelivery(Base):
    """A signed webhook for a shop that we do not know: noted, without its body."""

    __tablename__ = "unknown_delivery"

    shop_domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    topic: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime]


def delivery_row(
    shop_id: ShopId,
    *,
    delivery_id: str,
    topic: str,
    body_sealed: bytes,
    triggered_at: datetime | None,
    at: datetime,
) -> Document:
    """A delivery that waits to be understood."""
    return {
        "shop_id": shop_id,
        "id": delivery_id,
        "topic": topic,
        "body_sealed": body_sealed,
        "received_at": at,
        "triggered_at": triggered_at,
        "state": State.WAITING,
        "attempts": 0,
        "run_at": at,
    }


def accept_rows(asked: Asked, rows: Sequence[Document]) -> None:
    """Note deliveries, each once."""
    insert_new(asked, INBOX, in_order(rows))


def in_order(rows: Sequence[Document]) -> list[Document]:
    """Deliveries in the order of their keys: so no two processes wait for each other."""
    return sorted(rows, key=itemgetter("shop_id", "id"))


def note_unknown(
    asked: Asked, *, shop_domain: str, delivery_id: str, topic: str, at: datetime
) -> None:
    """Note that somebody's webhook came who is no shop of ours."""
    row = {"shop_domain": shop_domain, "id": delivery_id, "topic": topic, "received_at": at}
    insert_new(asked, StrayDelivery, [row])


def unknown_deliveries(
    session: Session, topics: Collection[str], *, limit: int
) -> Sequence[StrayDelivery]:
    """What came for shops that we do not know, of some topics, the newest first."""
    query = select(StrayDelivery).where(StrayDelivery.topic.in_(topics))
    return session.scalars(query.order_by(StrayDelivery.received_at.desc()).limit(limit)).all()


def deliveries_page(
    session: Session,
    shop_id: ShopId,
    *,
    state: State | None,
    topic: str | None = None,
    limit: int,
) -> Sequence[Delivery]:
    """A shop's deliveries, the newest first, of one topic if it is named."""
    query = select(Delivery).where(of_shop_in(Delivery, shop_id, state))
    if topic is not None:
        query = query.where(Delivery.topic == topic)
    if state is not None:
        query = query.where(Delivery.state == state)
    return session.scalars(query.order_by(Delivery.received_at.desc()).limit(limit)).all()


def prune_unknown(session: Session, *, before: datetime, limit: int) -> int:
    """Drop up to so many notes about webhooks of shops that were none of ours."""
    table = StrayDelivery
    query = select(table.shop_domain, table.id).where(table.received_at < before).limit(limit)
    keys = [tuple(row) for row in session.execute(query)]
    if keys:
        session.execute(
            delete(table)
            .where(tuple_(table.shop_domain, table.id).in_(keys))
            .execution_options(synchronize_session=False)
        )
    return len(keys)


def last_delivery(session: Session, shop_id: ShopId) -> datetime | None:
    """When the last delivery came; None before the first."""
    return session.scalar(select(func.max(Delivery.received_at)).where(Delivery.shop_id == shop_id))


def oldest_open_delivery(session: Session, shop_id: ShopId) -> datetime | None:
    """When the delivery came that has waited longest; None when nothing waits."""
    query = select(func.min(Delivery.received_at)).where(
        Delivery.state.in_(OPEN), by_state(Delivery, shop_id)
    )
    return session.scalar(query)


def drop_bodies(session: Session, shop_id: ShopId, *, before: datetime) -> None:
    """Forget the bodies of deliveries that were finished long ago."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.shop_id == shop_id,
            Delivery.received_at < before,
            Delivery.body_sealed.is_not(None),
        )
        .values(
            body_sealed=None,
            # What was never understood cannot be any more.
            state=case((Delivery.state == State.DONE, State.DONE), else_=State.DEAD),
        )
        .execution_options(synchronize_session=False)
    )


def drop_bodies_of(session: Session, shop_id: ShopId, persons: Collection[str] | None) -> None:
    """Forget the bodies of what concerned somebody, by ids and hashes; of everybody with None."""
    query = update(Delivery).where(Delivery.shop_id == shop_id)
    if persons is not None:
        query = query.where(Delivery.customer_id.in_(persons))
    session.execute(
        query.values(body_sealed=None, customer_id=None).execution_options(
            synchronize_session=False
        )
    )
