"""What points buy, how it comes to a member, and what it costs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import InvalidProgram, NotEnoughPoints
from app.domain.sentence import Sentence as _
from app.domain.text import Text


class RewardKind(StrEnum):
    """What a reward gives."""

    AMOUNT_OFF = "amount_off"
    PERCENT_OFF = "percent_off"
    FREE_SHIPPING = "free_shipping"
    SLIDER = "slider"
    """As much off as the member has points for, in whole steps."""
    FREE_PRODUCT = "free_product"
    """One piece of certain products, worth `off_minor`."""
    EXCLUSIVE = "exclusive"
    """Certain products at a price of their own, or a tag that lets a customer in early."""
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    BY_HAND = "by_hand"
    """A gift or an experience that the merchant sees to."""
    SUPPORT = "support"
    """A perk of service, likewise."""
    DONATION = "donation"


class Way(StrEnum):
    """How a reward comes to the member, which decides when its points are spent."""

    CODE = "code"
    """A discount code: the points are spent when an order uses it."""
    GIFT = "gift"
    """The platform gives it in one act that is not taken back: spent when it is given."""
    HAND = "hand"
    """The merchant gives it: spent when they say that it is done."""
    AT_ONCE = "at_once"
    """There is nothing to give: the points are gone at once."""


def way_of(kind: RewardKind, tag: str) -> Way:
    """How a reward of a kind comes to the member."""
    if kind in (RewardKind.BY_HAND, RewardKind.SUPPORT):
        return Way.HAND
    if kind is RewardKind.DONATION:
        return Way.AT_ONCE
    is_money = kind in (RewardKind.GIFT_CARD, RewardKind.STORE_CREDIT)
    return Way.GIFT if is_money or tag else Way.CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """A thing that points buy.

    `cost_points` is its price; for a slider it is the price of one step of `off_minor`.
    `most_percent` caps a slider at a share of the order, in percent; since the order is not known
    when the code is made, the cap becomes the code's minimum subtotal. `off_minor` is also what a
    gift card or a store credit is worth. `pooled` codes are made ahead, for whoever holds them.
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
    products: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()
    tag: str = ""
    steps: tuple[str, ...] = ()
    pooled: bool = False

    def __post_init__(self) -> None:
        if self.cost_points < 1:
            said = _("{name} must cost at least 1 point, not {points}.")
            raise InvalidProgram(said.format(name=self.name, points=self.cost_points))
        if self.kind in _WORTH_MONEY and self.off_minor < 1:
            raise InvalidProgram(_WORTH_MONEY[self.kind].format(name=self.name))
        if self.kind is RewardKind.PERCENT_OFF and not 1 <= self.off_percent <= 100:
            said = _("{name} must take 1 to 100 percent off.")
            raise InvalidProgram(said.format(name=self.name))
        if not 1 <= self.most_percent <= 100:
            said = _("{name} can pay 1 to 100 percent of an order.")
            raise InvalidProgram(said.format(name=self.name))
        if self.valid_days is not None and self.valid_days < 1:
            said = _("A code for {name} must be good for at least one day.")
            raise InvalidProgram(said.format(name=self.name))
        if self.per_member is not None and self.per_member < 1:
            said = _("{name} must be there at least once for each member.")
            raise InvalidProgram(said.format(name=self.name))
        self._check_parts()

    def _check_parts(self) -> None:
        """What only some kinds have, the others must not have; it would mean nothing there."""
        limited = bool(self.products or self.collections)
        if self.kind is RewardKind.FREE_PRODUCT and not self.products:
            said = _("{name} must name the products that are free.")
            raise InvalidProgram(said.format(name=self.name))
        if self.kind is RewardKind.EXCLUSIVE:
            takes_off = bool(self.off_minor) != (1 <= self.off_percent <= 100)
            if bool(self.tag) == limited or (limited and not takes_off):
                said = _(
                    "{name} needs either a tag, or products or collections with an amount"
                    " or a percentage off."
                )
                raise InvalidProgram(said.format(name=self.name))
        elif self.tag:
            said = _("{name} has a tag, which only an exclusive reward has.")
            raise InvalidProgram(said.format(name=self.name))
        if limited and self.kind not in _ON_PRODUCTS:
            said = _("{name} cannot be limited to certain products.")
            raise InvalidProgram(said.format(name=self.name))
        if self.steps and self.way is not Way.HAND:
            said = _("{name} has steps, but nobody does it by hand.")
            raise InvalidProgram(said.format(name=self.name))
        if self.pooled and (self.way is not Way.CODE or self.kind is RewardKind.SLIDER):
            said = _("The codes of {name} cannot be made ahead.")
            raise InvalidProgram(said.format(name=self.name))

    @property
    def way(self) -> Way:
        """How it comes to the member."""
        return way_of(self.kind, self.tag)


_WORTH_MONEY = {
    RewardKind.AMOUNT_OFF: _("{name} must take an amount off the order."),
    RewardKind.SLIDER: _("{name} must take an amount off the order."),
    RewardKind.FREE_PRODUCT: _("{name} must say what the product costs."),
    RewardKind.GIFT_CARD: _("{name} must be worth an amount."),
    RewardKind.STORE_CREDIT: _("{name} must be worth an amount."),
}
WORTH_MONEY = frozenset(_WORTH_MONEY)
"""The kinds that say an amount."""
PAID_ONLY = frozenset((RewardKind.SLIDER, RewardKind.DONATION))
"""The kinds that are worth what is paid for them, and nothing where nothing is."""
_ON_PRODUCTS = (
    RewardKind.AMOUNT_OFF,
    RewardKind.PERCENT_OFF,
    RewardKind.FREE_PRODUCT,
    RewardKind.EXCLUSIVE,
)


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
    off_minor = points_worth(reward, points)
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
