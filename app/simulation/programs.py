"""The programs of a simulated year: one to begin with, and two changes to it."""

from dataclasses import replace
from datetime import date, timedelta

from app.domain.campaigns import Campaign
from app.domain.program import Availability, Expiry, ExpiryKind, Program, Rounding
from app.domain.rules import EarningRule
from app.domain.templates import points_and_tiers
from app.domain.text import text
from app.simulation.story import Scale


def programs(scale: Scale) -> dict[int, Program]:
    """By the day on which each is published."""
    first = replace(
        points_and_tiers(scale.currency),
        live=True,
        join_points=50,
        expiry=Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=120),
    )
    generous = replace(
        first,
        earning=(
            *first.earning,
            EarningRule(code="third-order", points=1, per_minor=200, every_nth=3),
        ),
        campaigns=(_weeks_of(scale.begins_at.date() + timedelta(days=150)),),
    )
    careful = replace(
        generous,
        availability=Availability.DAYS_AFTER_PAYMENT,
        available_after_days=14,
        rounding=Rounding.HALF_UP,
    )
    return {0: first, 120: generous, 240: careful}


def _weeks_of(first_day: date) -> Campaign:
    return Campaign(
        code="double-weeks",
        name=text("Double weeks"),
        starts_on=first_day,
        ends_on=first_day + timedelta(days=13),
        percent=200,
    )
