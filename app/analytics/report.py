"""All figures of a shop for one time, computed together, as plain numbers that can be kept."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.analytics.holdout import HoldoutFigures, Side, holdout_figures
from app.analytics.outstanding import Outstanding, outstanding
from app.analytics.people import (
    by_stage,
    by_tier,
    joined_by_step,
    members_ever,
    moves,
    repeating,
)
from app.analytics.period import Period, months
from app.analytics.points import Flow, active_members, flows, together
from app.analytics.purchases import Sales, Stayed, came_back, cohorts, sales, stayed
from app.domain.program import Program
from app.models.base import ShopId

Progress = Callable[[int, int], None]
"""Told how many parts are done, of how many."""
LEAST_ENDED = 1000
"""Points that must have been used or have expired before a breakage is estimated from them."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a shop's records came to at an instant. Steps and months go by their first days."""

    at: datetime
    before: Flow
    steps: tuple[tuple[date, Flow], ...]
    after: Flow
    outstanding: Outstanding
    calendar: tuple[date, ...]
    """The months of `outstanding.expiring`; its first number is of before now."""
    active_members: int
    everybody: int
    joined: tuple[int, ...]
    """How many of everybody joined in each step."""
    sales: Sales
    stayed: Stayed
    again: tuple[tuple[int, int, int], ...]
    """Days, who had the time, who bought again within it."""
    cohorts: tuple[tuple[date, tuple[int, ...]], ...]
    tiers: Mapping[str, int]
    moves: Mapping[str, tuple[int, int]]
    stages: Mapping[str, int]
    groups: tuple[tuple[str, int, int], ...]
    """Who redeems, who only earns, and guests: who bought, and who of them bought again."""
    holdout: HoldoutFigures | None = None
    """None where nobody was ever held out."""

    @property
    def flow(self) -> Flow:
        """What became of points in the time."""
        return together(flow for _day, flow in self.steps)

    @property
    def closing(self) -> int:
        """What was outstanding at the end of the time."""
        return self.outstanding.points - self.after.change

    @property
    def opening(self) -> int:
        """What was outstanding when it began."""
        return self.closing - self.flow.change

    @property
    def ended(self) -> tuple[int, int]:
        """Points that have expired ever, and all that have expired or were used ever."""
        ever = together((self.before, self.flow, self.after))
        return ever.expired, ever.expired + ever.redeemed

    @property
    def breakage_points(self) -> int | None:
        """How many of what is outstanding will expire, if it goes on as until now."""
        expired, ended = self.ended
        outstanding = max(0, self.outstanding.points)
        return outstanding * expired // ended if ended >= LEAST_ENDED else None

    def as_document(self) -> dict[str, Any]:
        """It as what JSON can hold, with days as such."""
        return asdict(self)


def report(
    session: Session,
    shop_id: ShopId,
    program: Program,
    period: Period,
    *,
    at: datetime,
    progress: Progress | None = None,
) -> Report:
    """Compute all figures. The work is the database's; what comes back does not grow."""
    flowed = flows(session, shop_id, period)
    today = at.astimezone(period.zone).date()
    ahead = months(today, date(today.year + 1, today.month, 1))
    starts = [at, *(period.midnight(day) for day in ahead[1:])]
    parts: dict[str, Callable[[], Any]] = {
        "outstanding": lambda: outstanding(session, shop_id, starts),
        "active_members": lambda: active_members(session, shop_id, period),
        "everybody": lambda: members_ever(session, shop_id),
        "joined": lambda: tuple(joined_by_step(session, shop_id, period)),
        "sales": lambda: sales(session, shop_id, period),
        "stayed": lambda: stayed(session, shop_id, period, days=program.stages.lost_days),
        "again": lambda: tuple(came_back(session, shop_id, period, at=at)),
        "cohorts": lambda: tuple(cohorts(session, shop_id, period)),
        "tiers": lambda: by_tier(session, shop_id),
        "moves": lambda: moves(session, shop_id, period, program.tiers),
        "stages": lambda: by_stage(session, shop_id, program.stages, at=at),
        "groups": lambda: tuple(repeating(session, shop_id, period)),
        "holdout": lambda: holdout_figures(session, shop_id, period, at=at),
    }
    found = {}
    for done, (name, compute) in enumerate(parts.items(), 1):
        found[name] = compute()
        if progress is not None:
            progress(done, len(parts))
    return Report(
        at=at,
        before=flowed.before,
        steps=tuple(zip(period.steps, flowed.steps, strict=True)),
        after=flowed.after,
        calendar=tuple(ahead),
        **found,
    )


def report_from(document: Mapping[str, Any]) -> Report:
    """The report in a document."""
    return Report(
        at=datetime.fromisoformat(document["at"]),
        before=Flow(**document["before"]),
        steps=tuple((date.fromisoformat(day), Flow(**one)) for day, one in document["steps"]),
        after=Flow(**document["after"]),
        outstanding=Outstanding(
            **document["outstanding"] | {"expiring": tuple(document["outstanding"]["expiring"])}
        ),
        calendar=tuple(date.fromisoformat(day) for day in document["calendar"]),
        active_members=document["active_members"],
        # A report that was kept by an earlier version has neither.
        everybody=document.get("everybody", sum(document["tiers"].values())),
        joined=tuple(document.get("joined", [0] * len(document["steps"]))),
        sales=Sales(**document["sales"]),
        stayed=Stayed(**document["stayed"]),
        again=tuple((days, had, did) for days, had, did in document["again"]),
        cohorts=tuple((date.fromisoformat(day), tuple(row)) for day, row in document["cohorts"]),
        tiers=document["tiers"],
        moves={tier: (rose, fell) for tier, (rose, fell) in document["moves"].items()},
        stages=document["stages"],
        groups=tuple((name, had, did) for name, had, did in document["groups"]),
        holdout=_holdout_from(document.get("holdout")),
    )


def _holdout_from(document: Mapping[str, Any] | None) -> HoldoutFigures | None:
    if document is None:
        return None
    ended_at = document["ended_at"]
    return HoldoutFigures(
        document["percent"],
        datetime.fromisoformat(document["began_at"]),
        datetime.fromisoformat(ended_at) if ended_at is not None else None,
        Side(**document["program"]),
        Side(**document["holdout"]),
    )
