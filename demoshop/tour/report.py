"""What the tour expected and what it found, step by step."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

Found = int | str


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the tour."""

    step: str
    happened: str
    expected: Found
    found: Found

    @property
    def holds(self) -> bool:
        """Whether it came out as expected."""
        return self.expected == self.found


class Report:
    """The rows so far; each one is said as it comes, since a tour takes a while."""

    def __init__(self, console: Console) -> None:
        self.rows: list[Row] = []
        self._console = console

    def note(self, step: str, happened: str, expected: Found, found: Found) -> None:
        """Add a row."""
        row = Row(step, happened, expected, found)
        self.rows.append(row)
        if self._console.is_terminal:
            self._console.print(f"{'✔' if row.holds else '✘'} {step}", markup=False)

    @property
    def holds(self) -> bool:
        """Whether there was something to see and everything came out as expected."""
        return bool(self.rows) and all(row.holds for row in self.rows)

    def table(self) -> Table:
        """All rows, for people."""
        table = Table("#", "Step", "What happened", title="The whole loop", title_justify="left")
        table.add_column("Expected", justify="right")
        table.add_column("Found", justify="right")
        table.add_column("")
        for number, row in enumerate(self.rows, 1):
            mark = "[green]✔[/green]" if row.holds else "[bold red]✘[/bold red]"
            told = (str(number), row.step, row.happened, _shown(row.expected), _shown(row.found))
            table.add_row(*told, mark)
        return table

    def verdict(self) -> str:
        """The last line."""
        wrong = sum(not row.holds for row in self.rows)
        if not wrong:
            return f"All {len(self.rows)} steps came out as expected."
        return f"{wrong} of {len(self.rows)} steps came out otherwise."


def _shown(value: Found) -> str:
    return f"{value:,}" if isinstance(value, int) else value
