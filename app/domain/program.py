"""A merchant's program: every setting in one value that cannot be built wrong.

Each published revision of it is kept for good, and every transfer names the one that made it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import InvalidProgram
from app.domain.order import Line
from app.domain.rewards import Reward, RewardKind
from app.domain.text import Text, text
from app.domain.tiers import Tiers


class Rounding(StrEnum):
    """What becomes of a fraction of a point; applied once, after the multipliers."""

    FLOOR = "floor"
    HALF_UP = "half_up"
    CEIL = "ceil"


class RoundingPoint(StrEnum):
    """Where fractions are rounded: once on the order, or on each line."""

    ORDER = "order"
    LINE = "line"


class SpentReturn(StrEnum):
    """What becomes of points spent on an order that is refunded."""

    PRORATED = "prorated"
    ONLY_FULL = "only_full"
    NEVER = "never"


class Debt(StrEnum):
    """What happens when a refund takes back more than there is."""

    OWE = "owe"
    CLAMP = "clamp"


class Availability(StrEnum):
    """When the points of a paid order can be spent."""

    AT_PAYMENT = "at_payment"
    DAYS_AFTER_PAYMENT = "days_after_payment"
    AT_FULFILLMENT = "at_fulfillment"


class ExpiryKind(StrEnum):
    """When available points end."""

    NEVER = "never"
    PER_LOT_DAYS = "per_lot_days"
    PER_LOT_MONTHS = "per_lot_months"
    MONTH_END = "month_end"
    YEAR_END = "year_end"


class GuestPolicy(StrEnum):
    """What an order without a customer earns."""

    NOTHING = "nothing"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Products:
    """Some of the products: a line belongs to them when any of its marks is named here."""

    product_ids: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    vendors: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.product_ids or self.skus or self.vendors or self.tags)

    def has(self, line: Line) -> bool:
        """Whether a line is one of them."""
        return (
            line.product_id in self.product_ids
            or line.sku in self.skus
            or line.vendor in self.vendors
            or not self.tags.isdisjoint(line.tags)
        )


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A weight on the basis of some products, in percent; 0 takes them out."""

    products: Products
    percent: int

    def __post_init__(self) -> None:
        if self.percent < 0:
            raise InvalidProgram(f"A multiplier cannot be {self.percent} percent.")


class RuleKind(StrEnum):
    """What a rule counts."""

    PER_AMOUNT = "per_amount"
    PER_ORDER = "per_order"
    PER_UNIT = "per_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningRule:
    """One way in which an order earns: `points` for each `per_minor`, order or piece.

    Empty `include` means every product. Of rules that do not stack, the one with the highest
    priority replaces all others; a rule with `stop` ends the list when it has given something.
    """

    code: str
    kind: RuleKind = RuleKind.PER_AMOUNT
    points: int
    per_minor: int = 100
    include: Products = Products()
    exclude: Products = Products()
    multipliers: tuple[Multiplier, ...] = ()
    minimum_minor: int = 0
    needs_code: str | None = None
    stacks: bool = True
    priority: int = 0
    stop: bool = False

    def __post_init__(self) -> None:
        if self.points < 0:
            raise InvalidProgram(f"The rule {self.code} cannot give {self.points} points.")
        if self.per_minor < 1:
            raise InvalidProgram(f"The rule {self.code} must give points per an amount above 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What of an order counts. Duties and tips never do."""

    tax: bool = True
    shipping: bool = False
    gift_card_lines: bool = False
    whole_steps: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """How long points live; `count` is days or months for the kinds that need one."""

    kind: ExpiryKind = ExpiryKind.NEVER
    count: int = 12

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InvalidProgram("Points must live for at least one day or month.")


RETURNED_POINTS_LIVE_DAYS = 30
"""Points that come back from an unused code live at least this long, even if their lot is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """All that a merchant decides, in the shop's own currency."""

    currency: str
    name: Text = field(default_factory=lambda: text("Stamkunde"))
    live: bool = False
    earning: tuple[EarningRule, ...] = ()
    basis: Basis = field(default_factory=Basis)
    rounding: Rounding = Rounding.FLOOR
    rounding_point: RoundingPoint = RoundingPoint.ORDER
    availability: Availability = Availability.AT_PAYMENT
    available_after_days: int = 14
    pos_earns: bool = True
    guests: GuestPolicy = GuestPolicy.HOLD
    guest_days: int = 90
    join_points: int = 0
    tiers: Tiers = field(default_factory=Tiers)
    rewards: tuple[Reward, ...] = ()
    expiry: Expiry = field(default_factory=Expiry)
    spent_return: SpentReturn = SpentReturn.PRORATED
    debt: Debt = Debt.OWE

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isupper():
            raise InvalidProgram(f"{self.currency!r} is not a currency code like DKK.")
        for what, codes in (
            ("earning rule", [rule.code for rule in self.earning]),
            ("reward", [reward.code for reward in self.rewards]),
        ):
            twice = {code for code in codes if codes.count(code) > 1}
            if twice:
                raise InvalidProgram(f"Each {what} needs a code of its own: {sorted(twice)[0]}.")
        for reward in self.rewards:
            if reward.tier is not None and self.tiers.named(reward.tier) is None:
                raise InvalidProgram(f"{reward.name} asks for a tier {reward.tier} that is not.")
            if reward.kind is RewardKind.SLIDER and reward.least_points % reward.cost_points:
                raise InvalidProgram(f"{reward.name} must begin at a whole number of its steps.")
        if min(self.available_after_days, self.guest_days, self.join_points) < 0:
            raise InvalidProgram("Days and points of a program cannot be below 0.")

    def reward(self, code: str) -> Reward | None:
        """The reward with a code; None when the program has none such."""
        return next((reward for reward in self.rewards if reward.code == code), None)
