"""What came of deliveries: a whole batch is closed at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.among import among
from app.models.base import ShopId
from app.models.delivery import Delivery
from app.models.queue import State
from app.models.rows import update_rows


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
        .where(Delivery.shop_id == shop_id, among(Delivery.id, attempts))
        .where(Delivery.state == State.TRYING)
        .order_by(Delivery.id)
        .with_for_update()
    )
    return {key for key, attempt in session.execute(query) if attempt == attempts[key]}


def end_all(
    session: Session, shop_id: ShopId, outcomes: Collection[Outcome], *, now: datetime
) -> None:
    """Close deliveries for good, in one statement."""
    update_rows(
        session,
        Delivery,
        [
            {
                "shop_id": shop_id,
                "id": one.delivery_id,
                "events": None if one.mistake else one.events,
                "customer_id": one.customer_id,
                "state": one.state,
                "finished_at": now,
                "error": one.mistake[:500] if one.mistake else None,
            }
            for one in outcomes
        ],
    )
