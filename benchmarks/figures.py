"""What was measured: rounds of a variant and of its limit, their medians, spread and ratio."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).with_name("results.md")
COLUMNS = (
    *("path", "database", "case", "ours", "limit", "ratio"),
    *("by processor time", "p99 ms", "beside"),
)


@dataclass
class Figure:
    """One comparison: so many of ours and of the limit per second, round by round."""

    path: str
    database: str
    case: str
    ours: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    ours_us: list[float] = field(default_factory=list)
    limit_us: list[float] = field(default_factory=list)
    """Processor time of one operation, that of the database's server included."""
    p99_ms: list[float] = field(default_factory=list)
    beside: str = ""

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: what is slow for a moment is slow for both."""
        return median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        return [ours / limit for ours, limit in zip(self.ours, self.limit, strict=True)]

    @property
    def by_processor_time(self) -> str:
        """The same ratio by what the processors did, which waiting for others cannot change."""
        if not self.ours_us:
            return ""
        ratio = median(
            limit / ours for ours, limit in zip(self.ours_us, self.limit_us, strict=True)
        )
        return f"{ratio:.2f} ({median(self.ours_us):.0f} to {median(self.limit_us):.0f} µs)"

    def row(self) -> list[str]:
        return [
            self.path,
            self.database,
            self.case,
            spread(self.ours),
            spread(self.limit),
            spread(self.ratios, ".2f"),
            self.by_processor_time,
            f"{median(self.p99_ms):.0f}" if self.p99_ms else "",
            self.beside,
        ]


def spread(values: Sequence[float], form: str = ",.0f") -> str:
    """The median, and from where to where the rounds went."""
    return f"{median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def interleaved(rounds: int, *variants: Callable[[int], None]) -> None:
    """Let variants take turns; who goes first changes from round to round."""
    for number in range(rounds):
        first = number % len(variants)
        for variant in (*variants[first:], *variants[:first]):
            variant(number)


def show(figures: Sequence[Figure], console: Console) -> None:
    """The figures as a table on the terminal."""
    table = Table(title="Median (lowest–highest) of the rounds; per second")
    for name in COLUMNS[:-1]:
        table.add_column(name, justify="right" if name == "ratio" else "left", no_wrap=True)
    for figure in figures:
        table.add_row(*figure.row()[:-1])
    console.print(table)


def write(figures: Sequence[Figure], rounds: int, path: Path = RESULTS) -> None:
    """The figures as a page beside the benchmarks."""
    lines = [
        "# What was measured",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cpu_count()} processors, load average"
        f" {getloadavg()[0]:.1f} at the end, {rounds} rounds. Each cell is the median and, in"
        " brackets, the lowest and the highest round. *Ratio* is ours ÷ limit of the same round:"
        " it is what can be compared; the absolute figures belong to this machine and moment.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---|' * len(COLUMNS)}",
        *[f"| {' | '.join(figure.row())} |" for figure in figures],
        "",
        "What each path and its limit are, and what holds it back: `docs/performance.md`.",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_page(
    path: Path, title: str, said: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Rows of other columns as a page beside the benchmarks; `said` is how to read them."""
    lines = [
        f"# {title}",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cpu_count()} processors, load average"
        f" {getloadavg()[0]:.1f} at the end. {said}",
        "",
        f"| {' | '.join(columns)} |",
        f"|{'---|' * len(columns)}",
        *[f"| {' | '.join(row)} |" for row in rows],
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
