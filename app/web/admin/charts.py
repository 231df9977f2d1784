"""Bars, reckoned on the server: an SVG that stretches, with words beside it that do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.admin.formats import number

WIDTH, HEIGHT = 1000, 100
MOST_LABELS = 7
GAP = 0.25
"""How much of each step's width is left empty."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the picture; `series` says how it is painted."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side in steps, with what stands at the corners."""

    bars: Sequence[Bar]
    most: str
    labels: Sequence[str]
    """What stands below: every step's name, or the first one's and the last one's."""
    series: Sequence[str]
    sentence: str
    """What the picture says, for who does not see it."""


def line(values: Sequence[int]) -> str:
    """The points of a line through some values, as SVG writes them; none where all are zero."""
    if not any(values):
        return ""
    least, most = min(values), max(values)
    height = HEIGHT / (most - least or 1)
    step = WIDTH / max(1, len(values) - 1)
    return " ".join(
        f"{place * step:.0f},{HEIGHT - (value - least) * height:.1f}"
        for place, value in enumerate(values)
    )


def chart(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], sentence: str
) -> Chart | None:
    """A chart of some series over the same steps; None when there is nothing to see."""
    most = max((value for _name, values in series for value in values), default=0)
    if most <= 0:
        return None
    step = WIDTH / len(labels)
    width = step * (1 - GAP) / len(series)
    bars = []
    for place, label in enumerate(labels):
        for which, (name, values) in enumerate(series):
            height = max(0, values[place]) * HEIGHT / most
            if not height:
                continue
            bars.append(
                Bar(
                    x=round(place * step + step * GAP / 2 + which * width, 2),
                    y=round(HEIGHT - height, 2),
                    width=round(width, 2),
                    height=round(height, 2),
                    series=which + 1,
                    title=f"{label} · {name}: {number(values[place])}",
                )
            )
    names = [name for name, _values in series]
    below = labels if len(labels) <= MOST_LABELS else (labels[0], labels[-1])
    return Chart(bars, number(most), below, names, sentence)
