"""Which tier a member is in, and how far the next one is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from app.domain.calendar import months_after, year_end, year_start
from app.domain.errors import InvalidProgram
from app.domain.sentence import Sentence as _
from app.domain.text import Text


class Measure(StrEnum):
    """What a member is measured by."""

    SPEND = "spend"
    """Goods bought and kept, in minor units."""
    POINTS = "points"
    """Points earned and kept."""
    ORDERS = "orders"
    BALANCE = "balance"
    """Points that can be spent now; over no time at all."""


class Window(StrEnum):
    """Over what time a member is measured."""

    ROLLING_YEAR = "rolling_year"
    CALENDAR_YEAR = "calendar_year"
    LIFETIME = "lifetime"


class Loss(StrEnum):
    """When a tier that is no longer earned is lost."""

    NEVER = "never"
    AT_ONCE = "at_once"
    EVERY_DAYS = "every_days"
    """So many days after it was reached or last confirmed."""
    AFTER_MONTHS = "after_months"
    """A number of months after it was reached; a rise starts them anew."""
    NEXT_YEAR_END = "next_year_end"
    """At the end of the calendar year after the one in which it was reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A level of the program: reached at a threshold, and worth a multiple of points.

    `entry_points` are given once to each member who reaches it, also in passing; so is the reward
    whose code is `entry_reward`, free of points.
    """

    code: str
    name: Text
    threshold: int
    earn_percent: int = 100
    entry_points: int = 0
    entry_reward: str | None = None

    def __post_init__(self) -> None:
        if self.earn_percent < 0:
            said = _("{name} cannot earn {percent} percent.")
            raise InvalidProgram(said.format(name=self.name, percent=self.earn_percent))
        if self.entry_points < 0:
            raise InvalidProgram(_("{name} cannot take points on entry.").format(name=self.name))

    @property
    def rewards_entry(self) -> bool:
        """Whether reaching it gives anything."""
        return bool(self.entry_points) or self.entry_reward is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers:
    """The ladder, lowest first, and the rules of climbing it."""

    ladder: tuple[Tier, ...] = ()
    measure: Measure = Measure.SPEND
    window: Window = Window.ROLLING_YEAR
    loss: Loss = Loss.AFTER_MONTHS
    loss_months: int = 12
    loss_days: int = 365
    grace_days: int = 30

    def __post_init__(self) -> None:
        if not self.ladder:
            return
        codes = [tier.code for tier in self.ladder]
        if len(set(codes)) < len(codes):
            said = _("Each tier needs a code of its own: {codes}.")
            raise InvalidProgram(said.format(codes=", ".join(codes)))
        if self.ladder[0].threshold != 0:
            said = _("{name} is the entry tier and must start at 0.")
            raise InvalidProgram(said.format(name=self.ladder[0].name))
        for lower, upper in pairwise(self.ladder):
            if upper.threshold <= lower.threshold:
                said = _("{name} must start above {lower}.")
                raise InvalidProgram(said.format(name=upper.name, lower=lower.name))

    def reached(self, measured: int) -> Tier | None:
        """The highest tier whose threshold is met; None in a program without tiers."""
        met = [tier for tier in self.ladder if tier.threshold <= max(measured, 0)]
        return met[-1] if met else None

    def named(self, code: str | None) -> Tier | None:
        """The tier with a code; None when there is none, or no longer."""
        return next((tier for tier in self.ladder if tier.code == code), None)

    def passed(self, before: Tier | None, after: Tier | None) -> tuple[Tier, ...]:
        """The tiers reached on the way from one to a higher one, that one included."""
        return self.ladder[self.rank(before) + 1 : self.rank(after) + 1]

    def above(self, tier: Tier | None) -> Tier | None:
        """The next tier up; None at the top."""
        rank = self.rank(tier)
        return self.ladder[rank + 1] if rank + 1 < len(self.ladder) else None

    def rank(self, tier: Tier | None) -> int:
        """How high a tier stands; -1 for none."""
        return self.ladder.index(tier) if tier in self.ladder else -1


@dataclass(frozen=True, slots=True)
class Standing:
    """The tier a member has and since when; `due_at` is when it must be looked at again."""

    tier: str | None
    since: datetime | None
    due_at: datetime | None = None


def window_start(tiers: Tiers, at: datetime, zone: tzinfo) -> datetime | None:
    """From when on a member is measured, by the shop's own zone; None for all of their time."""
    match tiers.window:
        case Window.ROLLING_YEAR:
            return months_after(at, -12, zone)
        case Window.CALENDAR_YEAR:
            return year_start(at, zone)
        case Window.LIFETIME:
            return None


def standing_after(
    tiers: Tiers,
    current: Standing,
    measured: int,
    *,
    at: datetime,
    zone: tzinfo,
    floor: str | None = None,
    floor_until: datetime | None = None,
) -> Standing:
    """The standing of a member who now measures so much, never below a floor set by hand.

    The floor holds until an instant, at which it is looked at again; None is for good.
    """
    if floor is None or (floor_until is not None and floor_until <= at):
        return _standing_at(tiers, current, measured, at=at, zone=zone)
    after = _standing_at(tiers, current, measured, at=at, zone=zone, floor=floor)
    ends = [moment for moment in (after.due_at, floor_until) if moment is not None]
    return replace(after, due_at=min(ends, default=None))


def _standing_at(
    tiers: Tiers,
    current: Standing,
    measured: int,
    *,
    at: datetime,
    zone: tzinfo,
    floor: str | None = None,
) -> Standing:
    """The standing with a floor that holds.

    Rising is immediate, and so is a rise by several tiers. Falling waits for what the program
    promises: until then the member keeps the tier, and `due_at` says when to look again. Who then
    still measures up keeps it for another such time.
    """
    earned = max(tiers.reached(measured), tiers.named(floor), key=tiers.rank)
    held = tiers.named(current.tier)
    if earned is None:
        return Standing(None, None)
    if held is None or tiers.rank(earned) > tiers.rank(held):
        return Standing(earned.code, at, kept_until(tiers, at, zone))
    since = current.since or at
    until = kept_until(tiers, since, zone)
    if until is None or at < until:
        return Standing(held.code, since, until)
    if earned.code == held.code:
        again = kept_until(tiers, at, zone) or at
        return Standing(held.code, at, max(again, at + timedelta(days=1)))
    return Standing(earned.code, at, kept_until(tiers, at, zone))


def kept_until(tiers: Tiers, since: datetime, zone: tzinfo) -> datetime | None:
    """Until when a tier reached at an instant is kept whatever happens; None is for good."""
    grace = timedelta(days=tiers.grace_days)
    match tiers.loss:
        case Loss.NEVER:
            return None
        case Loss.AT_ONCE:
            return since
        case Loss.EVERY_DAYS:
            return since + timedelta(days=tiers.loss_days) + grace
        case Loss.AFTER_MONTHS:
            return months_after(since, tiers.loss_months, zone) + grace
        case Loss.NEXT_YEAR_END:
            return year_end(months_after(since, 12, zone), zone) + grace
