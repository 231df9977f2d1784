"""The ways to earn: what a rule counts, what it gives, and how rules share an order."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import InvalidProgram
from app.domain.products import EVERY_PRODUCT, NO_PRODUCT, Multiplier, Products
from app.domain.sentence import Sentence as _
from app.domain.text import Text


class RuleKind(StrEnum):
    """What a rule counts."""

    PER_AMOUNT = "per_amount"
    PER_ORDER = "per_order"
    PER_UNIT = "per_unit"
    NEW_CATEGORY = "new_category"
    """For each product category on the order that the member has never bought before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningRule:
    """One way in which an order earns: `points` for each `per_minor`, order, piece or category.

    Empty `include` means every product. Of rules that do not stack, the one with the highest
    priority replaces all others; a rule with `stop` ends the list when it has given something.
    `nth_order` limits a rule to a member's first (1) or a later order, `every_nth` to each third
    (3), say; `segment` to members of a segment. `most_points` caps what one order gets from the
    rule; `budget_points` what all members together get from it, the last one what is left.
    """

    code: str
    kind: RuleKind = RuleKind.PER_AMOUNT
    points: int
    per_minor: int = 100
    include: Products = EVERY_PRODUCT
    exclude: Products = NO_PRODUCT
    multipliers: tuple[Multiplier, ...] = ()
    minimum_minor: int = 0
    needs_code: str | None = None
    nth_order: int | None = None
    every_nth: int | None = None
    segment: str | None = None
    most_points: int | None = None
    budget_points: int | None = None
    stacks: bool = True
    priority: int = 0
    stop: bool = False

    def __post_init__(self) -> None:
        if self.points < 0:
            said = _("The rule {code} cannot give {points} points.")
            raise InvalidProgram(said.format(code=self.code, points=self.points))
        if self.per_minor < 1:
            said = _("The rule {code} must give points per an amount above 0.")
            raise InvalidProgram(said.format(code=self.code))
        for said, number in (
            (_("The order number of the rule {code} must be at least 1."), self.nth_order),
            (_("The number of orders of the rule {code} must be at least 1."), self.every_nth),
            (_("The cap of the rule {code} must be at least 1."), self.most_points),
            (_("The budget of the rule {code} must be at least 1."), self.budget_points),
        ):
            if number is not None and number < 1:
                raise InvalidProgram(said.format(code=self.code))

    @property
    def needs_history(self) -> bool:
        """Whether what the member bought before decides."""
        return (
            self.nth_order is not None
            or self.every_nth is not None
            or self.segment is not None
            or self.kind is RuleKind.NEW_CATEGORY
        )

    @property
    def needs_catalog(self) -> bool:
        """Whether the platform's catalog decides."""
        products = (self.include, self.exclude, *(one.products for one in self.multipliers))
        return self.kind is RuleKind.NEW_CATEGORY or any(one.needs_catalog for one in products)


class ActionKind(StrEnum):
    """What a member may do for points beside buying."""

    NEWSLETTER = "newsletter"
    BIRTHDAY = "birthday"
    REVIEW = "review"
    SOCIAL = "social"
    SURVEY = "survey"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRule:
    """Points for something a member did, each deed once by its key.

    `per_day` and `per_lifetime` count deeds of one member; `budget_points` is for all together.
    Shoppers read the name; without one, the words of its kind, and nothing of a custom action.
    """

    code: str
    kind: ActionKind = ActionKind.CUSTOM
    name: Text | None = None
    points: int
    per_day: int | None = None
    per_lifetime: int | None = None
    budget_points: int | None = None

    def __post_init__(self) -> None:
        if self.points < 1:
            said = _("The action {code} must give at least 1 point.")
            raise InvalidProgram(said.format(code=self.code))
        for limit in (self.per_day, self.per_lifetime, self.budget_points):
            if limit is not None and limit < 1:
                said = _("A limit of the action {code} must be at least 1.")
                raise InvalidProgram(said.format(code=self.code))


BIRTHDAY_NOTICE_DAYS = 30
"""A birthday counts when it was entered so long before: nobody has one on the day they join."""

BIRTHDAY_KEPT_DAYS = 365
"""So long a birthday stays before it can be another: people have one a year."""
