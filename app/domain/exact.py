"""Numbers that are rounded once, at the very end: whole ones for as long as they can be.

Whole numbers are reckoned many times faster than fractions, and most points never become any.
"""

from fractions import Fraction
from math import ceil, floor, gcd, lcm

from app.domain.program import Rounding

Exact = int | Fraction
"""A number without any rounding."""

Shares = dict[str, Exact]
"""Exact amounts by the line of an order that they belong to."""


def exactly(part: Exact, whole: Exact) -> Exact:
    """A part divided by a whole: a whole number where nothing is left over."""
    if isinstance(part, int) and isinstance(whole, int) and not part % whole:
        return part // whole
    return Fraction(part) / whole


def rounded(points: Exact, rounding: Rounding) -> int:
    """Whole points, as the program rounds."""
    if isinstance(points, int):
        return points
    match rounding:
        case Rounding.FLOOR:
            return floor(points)
        case Rounding.HALF_UP:
            return floor(points + Fraction(1, 2))
        case Rounding.CEIL:
            return ceil(points)


def whole_shares(by_line: Shares) -> tuple[tuple[str, int], ...]:
    """Shares as whole numbers in the same proportion, so that they can be kept exactly."""
    common = lcm(*(share.denominator for share in by_line.values())) if by_line else 1
    whole = {line_id: int(share * common) for line_id, share in by_line.items()}
    divisor = gcd(*whole.values()) or 1
    return tuple((line_id, share // divisor) for line_id, share in whole.items())
