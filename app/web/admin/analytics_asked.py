"""Which time a merchant asks figures of: the last so many days, or from one day to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from flask_babel import gettext as _

from app.analytics.period import Period, last_days

PRESETS = (30, 90, 365)
USUAL_DAYS = 90
MOST_DAYS = 1830
FIRST_YEAR = 2000
"""No webshop of today has orders from before; the year 1 has no day before it to count from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A period; `days` when it is one of the usual ones; what was wrong with what was asked."""

    period: Period
    days: int | None
    first: str
    last: str
    wrong: str = ""

    @property
    def name(self) -> str:
        """What a report of it is kept under."""
        return str(self.days) if self.days else f"{self.first}/{self.last}"

    @property
    def query(self) -> dict[str, Any]:
        """It as part of an address."""
        return {"days": str(self.days)} if self.days else {"first": self.first, "last": self.last}


def asked_period(sent: Mapping[str, str], at: datetime, zone: tzinfo) -> Asked:
    """The period that an address names; the usual one, with a reason, where it makes no sense."""
    if "first" not in sent and "last" not in sent:
        days = sent.get("days", "")
        number = int(days) if days in {str(one) for one in PRESETS} else USUAL_DAYS
        period = last_days(number, at, zone)
        return Asked(period, number, period.first.isoformat(), period.last.isoformat())
    first, last = _day(sent.get("first", "")), _day(sent.get("last", ""))
    wrong = _wrong(first, last, at.astimezone(zone).date())
    if wrong or first is None or last is None:
        shown = (sent.get("first", "")[:10], sent.get("last", "")[:10])
        return Asked(last_days(USUAL_DAYS, at, zone), USUAL_DAYS, *shown, wrong)
    return Asked(Period(first, last, zone), None, first.isoformat(), last.isoformat())


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def _wrong(first: date | None, last: date | None, today: date) -> str:
    if first is None or last is None:
        return str(_("Choose two days."))
    if first.year < FIRST_YEAR:
        return str(_("Choose days from the year %(year)s on.", year=FIRST_YEAR))
    if first > last:
        return str(_("The first day comes after the last one."))
    if last > today:
        return str(_("The last day is still to come."))
    if (last - first).days >= MOST_DAYS:
        return str(_("Choose at most five years."))
    return ""
