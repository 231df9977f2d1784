"""Rates and averages of a shop's figures, each with its formula; None is "nothing to measure".

A rate is an exact fraction: rounding is left to whoever shows it.
"""

from collections.abc import Sequence
from fractions import Fraction


def share(part: int, whole: int) -> Fraction | None:
    """A part of a whole."""
    return Fraction(part, whole) if whole else None


def retention(*, at_end: int, new: int, at_start: int) -> Fraction | None:
    """Customer retention rate, (E − N) / A: who was there at the start and still is at the end.

    1000 customers at the end, of whom 200 are new, and 900 at the start are 8/9, or 89 %.
    """
    return share(at_end - new, at_start)


def churn(*, at_end: int, new: int, at_start: int) -> Fraction | None:
    """The rest of the retention rate: who was there at the start and is not any more."""
    kept = retention(at_end=at_end, new=new, at_start=at_start)
    return None if kept is None else 1 - kept


def mean(total: int, count: int) -> int | None:
    """An average in whole units, half up."""
    return (2 * total + count) // (2 * count) if count else None


def in_money(opening: int, changes: Sequence[int], *, off_minor: int, points: int) -> list[int]:
    """What each change of an outstanding sum of points is worth, in minor units.

    Each is the value after it less the value before it, so that rounding never lets the sum of the
    lines differ from what the sum is worth at the end. `points` are worth `off_minor`.
    """
    lines, outstanding = [], opening
    for change in changes:
        before = outstanding * off_minor // points
        outstanding += change
        lines.append(outstanding * off_minor // points - before)
    return lines
