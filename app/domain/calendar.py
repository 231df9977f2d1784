"""Months and years as people count them; all instants are in UTC or carry the shop's zone."""

from calendar import monthrange
from datetime import datetime


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months on, or the last day of that month when it is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def day_start(moment: datetime) -> datetime:
    """The first instant of a moment's day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def year_start(moment: datetime) -> datetime:
    """The first instant of a moment's year."""
    return moment.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def year_end(moment: datetime) -> datetime:
    """The first instant after a moment's year."""
    return year_start(moment).replace(year=moment.year + 1)


def month_end(moment: datetime) -> datetime:
    """The first instant after a moment's month."""
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return months_after(first, 1)
