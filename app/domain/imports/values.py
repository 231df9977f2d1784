"""What stands in a cell: points, days, addresses and ids, as people and programs write them."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from app.domain.sentence import Sentence as _

MOST_POINTS = 1_000_000_000
_BLANKS = re.compile(r"[\s'’\u00a0\u2009\u202f]")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}")
_CUSTOMER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ROUNDED = re.compile(r"\d[.,]\d+[eE]\+?\d+")
_DAY = re.compile(
    r"(\d{1,4})[-./](\d{1,2})[-./](\d{2,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)
_WORDS = ("%b %d, %Y", "%d %b %Y", "%B %d, %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y")
_BIRTHDAY = re.compile(
    r"(?:\d{4}-)?(\d{2})-(\d{2})|(\d{1,2})[/.](\d{1,2})(?:[/.]\d{2,4})?", re.ASCII
)


class WrongCell(ValueError):
    """A cell that does not say what its column is about; the sentence is to be translated."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class DayOrder(StrEnum):
    """In which order days are written with figures; the year may always stand first."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


def points_in(cell: str, decimal: str) -> int:
    """Whole points, with either mark for thousands. Raises WrongCell."""
    written = _BLANKS.sub("", cell).replace("\N{MINUS SIGN}", "-")
    thousands = "," if decimal == "." else "."
    if "e" in written.casefold() and _ROUNDED.fullmatch(written):
        raise WrongCell(_("{cell} was rounded by a spreadsheet.").format(cell=shown(cell)))
    whole, _mark, fraction = written.partition(decimal)
    grouped = rf"[+-]?\d{{1,3}}(?:\{thousands}\d{{3}})+|[+-]?\d+"
    if not re.fullmatch(grouped, whole, re.ASCII) or not re.fullmatch(r"[0-9]*", fraction):
        raise WrongCell(_("{cell} is no number of points.").format(cell=shown(cell)))
    if fraction.strip("0"):
        said = _("{cell} is not a whole number of points.")
        raise WrongCell(said.format(cell=shown(cell)))
    number = int(whole.replace(thousands, ""))
    if abs(number) > MOST_POINTS:
        raise WrongCell(_("{cell} is more points than there can be.").format(cell=shown(cell)))
    return number


def decimal_of(cells: Iterable[str]) -> str:
    """Which mark begins the decimals, by some cells; a point where nothing tells."""
    for cell in cells:
        marks = [mark for mark in _BLANKS.sub("", cell) if mark in ".,"]
        if len(set(marks)) == 2:
            return marks[-1]
        if len(marks) > 1:
            return "," if marks[0] == "." else "."
        if marks:
            after = cell.strip().rpartition(marks[0])[2]
            return marks[0] if len(after) != 3 else ("," if marks[0] == "." else ".")
    return "."


def moment_in(cell: str, order: DayOrder, zone: tzinfo, *, last: bool = False) -> datetime:
    """A moment; a day alone begins by the shop's clock, or with `last` is whole. Raises WrongCell.

    What is written with a zone is meant in it.
    """
    written = cell.strip().removesuffix(" UTC")
    suffix = "+00:00" if written != cell.strip() else ""
    try:
        found = _iso(written + suffix) or _with_figures(written, order) or _with_words(written)
    except (ValueError, OverflowError):
        found = None
    if found is None or not 1970 <= found.year <= 2200:
        raise WrongCell(_("{cell} is no day that we can read.").format(cell=shown(cell)))
    if isinstance(found, datetime):
        meant = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    else:
        meant = datetime.combine(found + timedelta(days=last), time(), zone)
    return meant.astimezone(UTC)


def _iso(written: str) -> date | datetime | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _with_figures(written: str, order: DayOrder) -> date | datetime | None:
    match = _DAY.fullmatch(written)
    if match is None:
        return None
    first, second, third = (int(match[number]) for number in (1, 2, 3))
    if len(match[1]) == 4:
        day = date(first, second, third)
    else:
        year = third + 2000 if len(match[3]) == 2 else third
        # A point between figures is nowhere in the world written in the American order.
        day_first = order is DayOrder.DAY_FIRST or "." in written
        day = date(year, second, first) if day_first else date(year, first, second)
    if match[4] is None:
        return day
    return datetime.combine(day, time(int(match[4]), int(match[5]), int(match[6] or 0)))


def _with_words(written: str) -> date | None:
    for pattern in _WORDS:
        try:
            return datetime.strptime(written, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def day_order_of(cells: Iterable[str]) -> DayOrder:
    """In which order days are written, by some cells; the day first where nothing tells."""
    for cell in cells:
        match = _DAY.fullmatch(cell.strip())
        if match is not None and len(match[1]) <= 2 and "." not in cell:
            if int(match[1]) > 12:
                return DayOrder.DAY_FIRST
            if int(match[2]) > 12:
                return DayOrder.MONTH_FIRST
    return DayOrder.DAY_FIRST


def email_in(cell: str) -> str:
    """An e-mail address. Raises WrongCell."""
    written = cell.strip()
    if not _EMAIL.fullmatch(written):
        raise WrongCell(_("This is no e-mail address."))
    return written


def customer_in(cell: str) -> str:
    """The platform's id of a customer, also out of its long form. Raises WrongCell."""
    written = cell.strip().removeprefix("'").rpartition("/")[2]
    if _ROUNDED.fullmatch(written):
        raise WrongCell(_("{cell} was rounded by a spreadsheet.").format(cell=shown(cell)))
    if not _CUSTOMER.fullmatch(written):
        raise WrongCell(_("{cell} is no id of a customer.").format(cell=shown(cell)))
    return written


def birthday_in(cell: str, order: DayOrder) -> str:
    """A month and a day, "04-30". Raises WrongCell."""
    match = _BIRTHDAY.fullmatch(cell.strip())
    try:
        if match is None:
            raise ValueError
        if match[1]:
            month, day = int(match[1]), int(match[2])
        else:
            day_first = order is DayOrder.DAY_FIRST or "." in cell
            figures = (int(match[3]), int(match[4]))
            day, month = figures if day_first else figures[::-1]
        # A leap year, since people are born on its day too.
        return f"{date(2024, month, day):%m-%d}"
    except ValueError as error:
        raise WrongCell(_("{cell} is no birthday.").format(cell=shown(cell))) from error


def shown(cell: str) -> str:
    """A cell as it may stand in a sentence: not too long, and in one line."""
    written = " ".join(cell.split())
    return f"“{written[:40]}…”" if len(written) > 40 else f"“{written}”"
