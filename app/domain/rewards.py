"""What points buy, what it costs a member, and the discount that comes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import InvalidProgram, NotEnoughPoints
from app.domain.text import Text


class RewardKind(StrEnum):
    """What a reward does to an order."""

    AMOUNT_OFF = "amount_off"
    PERCENT_OFF = "percent_off"
    FREE_SHIPPING = "free_shipping"
    SLIDER = "slider"
    """As much off as the member has points for, in whole steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """A thing that points buy.

    `cost_points` is its price; for a slider it is the price of one step of `off_minor`.
    `most_percent` caps a slider at a share of the order, in percent; since the order is not known
    when the code is made, the cap becomes the code's minimum subtotal.
    """

    code: str
    kind: RewardKind
    name: Text
    cost_points: int
    off_minor: int = 0
    off_percent: int = 0
    least_points: int = 0
    most_percent: int = 100
    minimum_subtotal_minor: int = 0
    valid_days: int | None = None
    tier: str | None = None
    per_member: int | None = None
    combines: bool = False

    def __post_init__(self) -> None:
        if self.cost_points < 1:
            raise InvalidProgram(f"{self.name} must cost at least 1 point, not {self.cost_points}.")
        if self.kind in (RewardKind.AMOUNT_OFF, RewardKind.SLIDER) and self.off_minor < 1:
            raise InvalidProgram(f"{self.name} must take an amount off the order.")
        if self.kind is RewardKind.PERCENT_OFF and not 1 <= self.off_percent <= 100:
            raise InvalidProgram(f"{self.name} must take 1 to 100 percent off.")
        if not 1 <= self.most_percent <= 100:
            raise InvalidProgram(f"{self.name} can pay 1 to 100 percent of an order.")
        if self.valid_days is not None and self.valid_days < 1:
            raise InvalidProgram(f"A code for {self.name} must be good for at least one day.")
        if self.per_member is not None and self.per_member < 1:
            raise InvalidProgram(f"{self.name} must be there at least once for each member.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A code as it shall exist on the platform: for one order, in the shop's money.

    Exactly one of `off_minor`, `off_percent` and `free_shipping` says what it does.
    """

    code: str
    title: str
    currency: str
    customer_id: str | None
    off_minor: int = 0
    off_percent: int = 0
    free_shipping: bool = False
    minimum_subtotal_minor: int = 0
    starts_at: datetime
    ends_at: datetime | None = None
    combines: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member gets for what they give: the price and the amount it takes off."""

    cost_points: int
    off_minor: int
    minimum_subtotal_minor: int


def slider_points(
    reward: Reward, asked_points: int, available_points: int, order_minor: int | None = None
) -> int:
    """What a slider charges for what was asked: whole steps, within balance and order.

    It gives less rather than refuse, and nothing below its minimum.
    """
    points = min(asked_points, available_points)
    if order_minor is not None:
        most_minor = order_minor * reward.most_percent // 100
        points = min(points, most_minor // reward.off_minor * reward.cost_points)
    points -= points % reward.cost_points
    return points if points >= max(reward.least_points, 1) else 0


def offer(reward: Reward, available_points: int, asked_points: int | None = None) -> Offer:
    """What a member with these points gets.

    A slider clamps to what is possible; a priced reward is refused.
    Raises NotEnoughPoints with what is needed and what is there.
    """
    if reward.kind is not RewardKind.SLIDER:
        _need(reward.cost_points, available_points)
        return Offer(reward.cost_points, reward.off_minor, reward.minimum_subtotal_minor)
    asked = available_points if asked_points is None else asked_points
    points = slider_points(reward, asked, available_points)
    if points == 0:
        _need(max(reward.least_points, reward.cost_points), min(asked, available_points))
    off_minor = points // reward.cost_points * reward.off_minor
    capped_minor = -(-off_minor * 100 // reward.most_percent)
    minimum = max(reward.minimum_subtotal_minor, capped_minor if reward.most_percent < 100 else 0)
    return Offer(points, off_minor, minimum)


def _need(needed: int, available: int) -> None:
    if available < needed:
        raise NotEnoughPoints(
            f"{needed} points needed, {available} available.", needed=needed, available=available
        )


def code_ends_at(reward: Reward, at: datetime) -> datetime | None:
    """When a code bought now stops working; None for one that never does."""
    return None if reward.valid_days is None else at + timedelta(days=reward.valid_days)


def points_worth(reward: Reward, points: int) -> int:
    """What points take off by a slider, in minor units."""
    return points // reward.cost_points * reward.off_minor


def points_charged(reward: Reward, off_minor: int) -> int:
    """Points for an amount off, rounded against whoever is charged less than a whole point."""
    return -(-off_minor * reward.cost_points // reward.off_minor)
