"""Campaigns: for some days, some members or some products, points are worth more."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.errors import InvalidProgram
from app.domain.products import EVERY_PRODUCT, Products
from app.domain.sentence import Sentence as _
from app.domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A time in which orders earn a multiple, a bonus, or both.

    Days are the shop's own, the first and the last included; `weekdays` count from Monday, 0.
    Empty `tiers` and `products` mean all. The multiple is of what rules gave for those products;
    it composes with the tier's, and bonuses are not multiplied.
    """

    code: str
    name: Text
    starts_on: date | None = None
    ends_on: date | None = None
    weekdays: frozenset[int] = frozenset()
    tiers: frozenset[str] = frozenset()
    segment: str | None = None
    products: Products = EVERY_PRODUCT
    minimum_minor: int = 0
    percent: int = 100
    bonus_points: int = 0
    budget_points: int | None = None

    def __post_init__(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            said = _("{name} ends on {day}, before it starts.")
            raise InvalidProgram(said.format(name=self.name, day=self.ends_on))
        if self.weekdays - set(range(7)):
            said = _("{name} names weekdays from 0 (Monday) to 6.")
            raise InvalidProgram(said.format(name=self.name))
        if self.percent < 0 or self.bonus_points < 0:
            raise InvalidProgram(_("{name} cannot take points away.").format(name=self.name))
        if self.budget_points is not None and self.budget_points < 1:
            said = _("The budget of {name} must be at least 1 point.")
            raise InvalidProgram(said.format(name=self.name))

    def runs_on(self, local: datetime) -> bool:
        """Whether it is on at a moment of the shop's own clock."""
        day = local.date()
        return (
            (self.starts_on is None or self.starts_on <= day)
            and (self.ends_on is None or day <= self.ends_on)
            and (not self.weekdays or day.weekday() in self.weekdays)
        )
