"""Replay what was given up on: a delivery is read again, an effect is tried again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.effects import GiveReward, IssueDiscount
from app.domain.errors import UnknownDelivery
from app.domain.sentence import Sentence as _
from app.loyalty.give_again import give_again
from app.models.delivery import Delivery
from app.models.effect import EffectRow
from app.models.queue import State, revive
from app.models.redemption import Redemption
from app.models.shop import Shop

MAKING = (IssueDiscount.__name__, GiveReward.__name__)
"""The effects that make what a member is to have."""


def replay_delivery(session: Session, shop: Shop, delivery_id: str, *, at: datetime) -> None:
    """Start a delivery over, dead or done; it settles to the same numbers.

    Raises UnknownDelivery when there is none, or when its body was dropped.
    """
    delivery = session.get(Delivery, (shop.id, delivery_id), with_for_update=True)
    if delivery is None or delivery.body_sealed is None:
        raise UnknownDelivery(_("There is no such webhook, or its body was dropped by now."))
    if delivery.state in (State.DEAD, State.DONE):
        revive(delivery, now=at)


def replay_effect(session: Session, shop: Shop, effect_id: UUID, *, at: datetime) -> None:
    """Try a dead effect again. Raises UnknownDelivery when there is none.

    When an equal one waits already, that one is enough. What a tier promised is given anew: the
    code that was refused is over. Raises NotOwed when that cannot be.
    """
    effect = session.get(EffectRow, (shop.id, effect_id))
    if effect is None:
        raise UnknownDelivery(_("There is no such task."))
    if effect.state == State.DEAD and effect.kind in MAKING:
        redemption = session.get(Redemption, (shop.id, UUID(effect.subject)))
        if redemption is not None and redemption.is_owed:
            give_again(session, shop, redemption.id, at=at)
            return
    session.refresh(effect, with_for_update=True)
    query = select(EffectRow.id).where(
        EffectRow.shop_id == shop.id,
        EffectRow.kind == effect.kind,
        EffectRow.subject == effect.subject,
        EffectRow.state == State.WAITING,
    )
    if effect.state == State.DEAD and session.scalars(query).first() is None:
        revive(effect, now=at)


def replay_dead(session: Session, shop: Shop, *, topic: str | None, at: datetime) -> int:
    """Start over every dead delivery of a shop that still has its body; returns how many."""
    query = select(Delivery).where(
        Delivery.shop_id == shop.id,
        Delivery.state == State.DEAD,
        Delivery.body_sealed.is_not(None),
    )
    if topic is not None:
        query = query.where(Delivery.topic == topic)
    dead = list(session.scalars(query.with_for_update()))
    for delivery in dead:
        revive(delivery, now=at)
    return len(dead)
