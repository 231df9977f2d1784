"""Segments: members who are alike in how often, how much and how lately they bought."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import InvalidProgram
from app.domain.sentence import Sentence as _


class Stage(StrEnum):
    """Where a member is in their life with the shop."""

    PROSPECT = "prospect"
    FIRST_TIME = "first_time"
    RETURNING = "returning"
    LOYAL = "loyal"
    AMBASSADOR = "ambassador"
    AT_RISK = "at_risk"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """From when on a member counts as loyal, at risk, and lost."""

    loyal_orders: int = 4
    at_risk_days: int = 120
    lost_days: int = 365

    def __post_init__(self) -> None:
        if not self.loyal_orders >= 2 or not 1 <= self.at_risk_days < self.lost_days:
            raise InvalidProgram(_("Loyal begins at 2 orders, and lost is later than at risk."))


@dataclass(frozen=True, slots=True)
class History:
    """What a member has bought before: orders that still stand, oldest first.

    `categories` are the product categories on them.
    """

    orders: tuple[tuple[datetime, int], ...] = ()
    categories: frozenset[str] = frozenset()
    is_ambassador: bool = False

    @property
    def spend_minor(self) -> int:
        """All that was bought and kept."""
        return sum(spend_minor for _, spend_minor in self.orders)

    @property
    def last_at(self) -> datetime | None:
        """When the last order was placed; None before the first."""
        return max((placed_at for placed_at, _ in self.orders), default=None)


NOTHING_BOUGHT = History()
"""Somebody who is new."""


def stage_of(history: History, stages: Stages, *, at: datetime) -> Stage:
    """The stage of a member: how long ago they last bought goes before how often."""
    if history.last_at is None:
        return Stage.PROSPECT
    away = at - history.last_at
    if away >= timedelta(days=stages.lost_days):
        return Stage.LOST
    if away >= timedelta(days=stages.at_risk_days):
        return Stage.AT_RISK
    if history.is_ambassador:
        return Stage.AMBASSADOR
    if len(history.orders) >= stages.loyal_orders:
        return Stage.LOYAL
    return Stage.FIRST_TIME if len(history.orders) == 1 else Stage.RETURNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Members who meet every condition that is set; None sets none."""

    code: str
    stages: frozenset[Stage] = frozenset()
    least_orders: int | None = None
    most_orders: int | None = None
    least_spend_minor: int | None = None
    most_spend_minor: int | None = None
    bought_within_days: int | None = None
    not_bought_for_days: int | None = None

    def has(self, history: History, stages: Stages, *, at: datetime) -> bool:
        """Whether a member with this history belongs to the segment."""
        last = history.last_at
        away = at - last if last is not None else None
        return (
            (not self.stages or stage_of(history, stages, at=at) in self.stages)
            and _within(len(history.orders), self.least_orders, self.most_orders)
            and _within(history.spend_minor, self.least_spend_minor, self.most_spend_minor)
            and (
                self.bought_within_days is None
                or (away is not None and away <= timedelta(days=self.bought_within_days))
            )
            and (
                self.not_bought_for_days is None
                or (away is not None and away >= timedelta(days=self.not_bought_for_days))
            )
        )


def _within(number: int, least: int | None, most: int | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)
