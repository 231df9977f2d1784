"""Months and years as a shop's people count them: by the clock of the shop's own zone.

Instants come in any zone and go in UTC. Where clocks are put forward over midnight, a day begins
when they show a time again; where they are put back over it, at the first midnight.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

SHORTEST_MONTH_DAYS = 28


def zone_named(name: str) -> tzinfo:
    """A zone by its name, "Europe/Copenhagen"; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return UTC


def months_after(moment: datetime, months: int, zone: tzinfo) -> datetime:
    """The same day and time so many months on, or the month's last day when it is shorter."""
    local = moment.astimezone(zone)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = local.day
    if day > SHORTEST_MONTH_DAYS:
        day = min(day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The midnight with which a day begins, in its zone."""
    return datetime.combine(day, time.min, zone)


def day_start(moment: datetime, zone: tzinfo) -> datetime:
    """The first instant of a moment's day."""
    return _midnight(moment.astimezone(zone))


def year_start(moment: datetime, zone: tzinfo) -> datetime:
    """The first instant of a moment's year."""
    return _midnight(moment.astimezone(zone).replace(month=1, day=1))


def year_end(moment: datetime, zone: tzinfo) -> datetime:
    """The first instant after a moment's year."""
    local = moment.astimezone(zone)
    return _midnight(local.replace(year=local.year + 1, month=1, day=1))


def month_end(moment: datetime, zone: tzinfo) -> datetime:
    """The first instant after a moment's month."""
    local = moment.astimezone(zone)
    years, month = divmod(local.month, 12)
    return _midnight(local.replace(year=local.year + years, month=month + 1, day=1))


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
