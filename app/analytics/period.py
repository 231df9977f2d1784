"""A time of whole days on the shop's clock, and the steps in which a chart walks through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import BigInteger, Executable, Integer, case, cast, func, literal
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

DAYS_AS_DAYS = 31
DAYS_AS_WEEKS = 186


@dataclass(frozen=True, slots=True)
class Period:
    """From the first instant of one day to the last of another."""

    first: date
    last: date
    zone: tzinfo

    @property
    def since(self) -> datetime:
        """The first instant of it."""
        return self.midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first instant after it."""
        return self.midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def midnight(self, day: date) -> datetime:
        """When a day begins."""
        return datetime.combine(day, time(), self.zone)

    @property
    def steps(self) -> list[date]:
        """The first day of each step: days, weeks or months, by how long the whole is."""
        if self.days <= DAYS_AS_DAYS:
            return [self.first + timedelta(days=day) for day in range(self.days)]
        if self.days <= DAYS_AS_WEEKS:
            return [self.first + timedelta(days=day) for day in range(0, self.days, 7)]
        return [self.first, *months(self.first, self.last)[1:]]

    def months(self, most: int) -> list[date]:
        """The firsts of its last months, the earliest first."""
        return months(self.first, self.last)[-most:]


def last_days(days: int, at: datetime, zone: tzinfo) -> Period:
    """So many days until today, today included."""
    today = at.astimezone(zone).date()
    return Period(today - timedelta(days=days - 1), today, zone)


def period_named(name: str, at: datetime, zone: tzinfo) -> Period:
    """The period of a name: a number of days until today, or two days ("2026-01-01/2026-03-31")."""
    first, _, last = name.partition("/")
    if not last:
        return last_days(int(first), at, zone)
    return Period(date.fromisoformat(first), date.fromisoformat(last), zone)


def months(first: date, last: date) -> list[date]:
    """The firsts of all months that a time touches."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def step_of(moment: Any, starts: Sequence[datetime]) -> ColumnElement[int]:
    """In which step an instant lies: 0 from the first start on; −1 before it."""
    bounds = [(moment < start, literal(number - 1)) for number, start in enumerate(starts)]
    return case(*bounds, else_=literal(len(starts) - 1))


def seconds_of(session: Session, moment: Any) -> ColumnElement[int]:
    """An instant as whole seconds, on either database."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.floor(func.extract("epoch", moment)), BigInteger)
    return cast(func.strftime("%s", moment), Integer)


def whole(number: Any) -> int:
    """A sum as Python counts: databases answer with decimals, or with nothing at all."""
    return int(number or 0)


def rows_of(session: Session, query: Executable) -> list[tuple[Any, ...]]:
    """All rows of an answer."""
    return [tuple(row) for row in session.execute(query)]
