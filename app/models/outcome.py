"""What came of deliveries: a whole batch is closed at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from app.models.base import Base, ShopId
from app.models.delivery import Delivery
from app.models.queue import State

_table = Base.metadata.tables[Delivery.__tablename__]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a delivery; `mistake` says why it could not be understood."""

    delivery_id: str
    events: int
    customer_id: str | None
    mistake: str | None

    @property
    def state(self) -> State:
        """How a delivery ends with it."""
        return State.DEAD if self.mistake else State.DONE


def still_taken(session: Session, shop_id: ShopId, attempts: Mapping[str, int]) -> set[str]:
    """Which of these nobody else has taken since, by the attempt of each; ours until the commit."""
    query = (
        select(Delivery.id, Delivery.attempts)
        .where(Delivery.shop_id == shop_id, Delivery.id.in_(attempts))
        .where(Delivery.state == State.TRYING)
        .order_by(Delivery.id)
        .with_for_update()
    )
    return {key for key, attempt in session.execute(query) if attempt == attempts[key]}


def end_all(
    session: Session, shop_id: ShopId, outcomes: Collection[Outcome], *, now: datetime
) -> None:
    """Close deliveries for good, in one statement."""
    if not outcomes:
        return
    ours = and_(_table.c.shop_id == bindparam("our_shop"), _table.c.id == bindparam("our_id"))
    values = ("events", "customer_id", "state", "finished_at", "error")
    session.execute(
        update(_table).where(ours).values({name: bindparam(name) for name in values}),
        [
            {
                "our_shop": shop_id,
                "our_id": one.delivery_id,
                "events": None if one.mistake else one.events,
                "customer_id": one.customer_id,
                "state": one.state,
                "finished_at": now,
                "error": one.mistake[:500] if one.mistake else None,
            }
            for one in outcomes
        ],
    )
