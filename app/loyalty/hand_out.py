"""Hand out a reward: what is known of it from the first, and what must happen outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.effects import Effect, GiveReward, IssueDiscount, RefillPool
from app.domain.program import Program
from app.domain.rewards import Offer, Reward, RewardKind, Way, code_ends_at
from app.loyalty.refill import Taken, take
from app.models.base import Document, new_id
from app.models.effect import queue
from app.models.entry_reward import code_from_id
from app.models.member import Member
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed out when a redemption was made: its id, and the pool its code came from.

    Only a replay knows it beforehand.
    """

    id: UUID
    code: str
    pool_id: UUID | None

    @staticmethod
    def told(body: Document) -> "Handed":
        """What a fact says of it."""
        pool = body["pool"]
        return Handed(UUID(body["id"]), body["code"], UUID(pool) if pool else None)

    @property
    def taken(self) -> Taken:
        """What the pool gave then."""
        return Taken(self.code, self.pool_id) if self.pool_id is not None else Taken()


def hand_out(
    session: Session,
    shop: Shop,
    member: Member,
    reward: Reward,
    bought: Offer,
    *,
    program: Program,
    revision: int,
    request_key: str = "",
    code: str = "",
    handed: Handed | None = None,
    at: datetime,
    **facts: Any,
) -> Redemption:
    """Make a redemption of a locked member, and queue what it takes; no points are moved yet.

    A code that was made ahead is handed out at once. Without a code and a key, both follow from the
    redemption's id.
    """
    redemption_id = handed.id if handed is not None else new_id()
    taken = handed.taken if handed is not None else _take(session, shop, program, reward)
    redemption = Redemption(
        shop_id=shop.id,
        id=redemption_id,
        member_id=member.id,
        request_key=request_key or f"given:{redemption_id}",
        code=taken.code or code or code_from_id(redemption_id),
        pool_id=taken.pool_id,
        state=RedemptionState.READY if taken.code else _FIRST[reward.way],
        currency=program.currency,
        revision=revision,
        created_at=at,
        **_as_bought(reward, bought, at),
        **facts,
    )
    session.add(redemption)
    queue(session, shop.id, _effects(redemption, taken), at=at)
    return redemption


def hand_for_tier(
    session: Session,
    shop: Shop,
    member: Member,
    reward: Reward,
    led_by: tuple[str, str],
    *,
    program: Program,
    revision: int,
    handed: Handed | None,
    at: datetime,
) -> Redemption:
    """Make a redemption free of points, for an order and the tier that it has led to."""
    order_id, tier_code = led_by
    return hand_out(
        session,
        shop,
        member,
        reward,
        Offer(0, reward.off_minor, reward.minimum_subtotal_minor),
        program=program,
        revision=revision,
        handed=handed,
        at=at,
        entry_tier=tier_code,
        entry_order_id=order_id,
    )


def told(redemption: Redemption) -> Document:
    """What a fact says of how a redemption was handed out."""
    return {
        "id": str(redemption.id),
        "code": redemption.code,
        "pool": str(redemption.pool_id) if redemption.pool_id else None,
    }


def _take(session: Session, shop: Shop, program: Program, reward: Reward) -> Taken:
    return take(session, shop, reward, program.currency) if reward.pooled else Taken()


_FIRST = {
    Way.CODE: RedemptionState.ISSUING,
    Way.GIFT: RedemptionState.ISSUING,
    Way.HAND: RedemptionState.WAITING,
    Way.AT_ONCE: RedemptionState.DONE,
}
"""How far a redemption is when it has just been made."""


def _effects(redemption: Redemption, taken: Taken) -> list[Effect]:
    """What must happen outside for a redemption that was just made."""
    effects: list[Effect] = [RefillPool(redemption.reward_code)] if taken.runs_low else []
    if redemption.state == RedemptionState.ISSUING:
        kind = GiveReward if redemption.way is Way.GIFT else IssueDiscount
        effects.append(kind(str(redemption.id)))
    return effects


def _as_bought(reward: Reward, bought: Offer, at: datetime) -> dict[str, Any]:
    """What of a reward stays as it was, whatever becomes of the program."""
    by_hand = reward.way is Way.HAND
    steps = reward.steps or (str(reward.name),)
    limits = {"products": sorted(reward.products), "collections": sorted(reward.collections)}
    return {
        "reward_code": reward.code,
        "name": dict(reward.name.by_locale),
        "kind": reward.kind.value,
        "cost_points": bought.cost_points,
        "off_minor": bought.off_minor,
        "off_percent": reward.off_percent if not bought.off_minor else 0,
        "minimum_subtotal_minor": bought.minimum_subtotal_minor,
        "combines": reward.combines,
        "limits": limits if any(limits.values()) else None,
        "tag": reward.tag,
        "checklist": {"steps": [{"text": step, "done": False} for step in steps]}
        if by_hand
        else None,
        "ends_at": None
        if by_hand or reward.kind is RewardKind.DONATION
        else code_ends_at(reward, at),
        "moves": 0,
        "held": 0,
        "spent": 0,
        "donated": 0,
    }
