"""`python -m benchmarks.imports`: a large table is brought, compared, run and undone.

All of it in one process, by what the web and a worker do: a form with a file, steps of the long
work until none is left, the page that shows what came of it, and the list of differences.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from uuid import UUID

from flask.testing import FlaskClient
from rich.console import Console
from sqlalchemy import select

from app.jobs.hauls import Hauls
from app.loyalty.verify import verify
from app.models.import_line import Outcome
from app.models.import_run import ImportRun, Stage
from app.models.shop import Shop
from benchmarks.figures import write_page
from benchmarks.installation import DATABASES, Installation, installed, logged
from benchmarks.merchant import signed_in, token
from benchmarks.processors import fresh_peak, peak_bytes, used_seconds
from benchmarks.tables import Table, write_table

RESULTS = Path(__file__).with_name("imports.md")
ROWS = 1_000_000
SAID = (
    "A table of balances, lots and tiers, a hundredth of its rows wrong, is brought to a new shop,"
    " compared with what is there, run and undone. Web and worker are one process; its processor"
    " time has that of the database's server in it. *Longest step* is how long others wait to"
    " write on SQLite, but for reading, which writes 2,000 lines at a time; *last to first* is the"
    " cost of a step in the last tenth of a part to that in"
    " the first; *peak* is the most memory that the process had during a part; *kept* is what the"
    " database holds after it."
)
COLUMNS = (
    *("database", "rows", "part", "seconds", "processor s", "rows a second"),
    *("longest step s", "last to first", "peak MB", "kept MB"),
)
PARTS = {
    Stage.READING: "read",
    Stage.COMPARING: "compare",
    Stage.RUNNING: "run",
    Stage.UNDOING: "undo",
}


@dataclass
class Part:
    """What one part of an import took, step by step."""

    name: str
    seconds: list[float] = field(default_factory=list)
    used: float = 0.0
    peak: int = 0
    kept: int = 0

    @property
    def last_to_first(self) -> float | None:
        """How many times as long the last steps took as the first; None for only a few."""
        tenth = len(self.seconds) // 10
        if not tenth:
            return None
        # What ends a part is one step of its own, which goes through all of it.
        steps = self.seconds[:-1]
        return median(steps[-tenth:]) / median(steps[:tenth])

    def row(self, kind: str, rows: int) -> list[str]:
        took, growth = sum(self.seconds), self.last_to_first
        return [
            *(kind, f"{rows:,}", self.name, f"{took:.1f}", f"{self.used:.1f}"),
            *(f"{rows / took:,.0f}", f"{max(self.seconds):.2f}"),
            f"{growth:.2f}" if growth is not None else "",
            *(f"{self.peak / 1e6:.0f}", f"{self.kept / 1e6:.0f}"),
        ]


class Import:
    """One import, led through its parts as a merchant and a worker do."""

    def __init__(self, at: Installation, client: FlaskClient, said: Callable[[Part], None]) -> None:
        self._at, self._client, self._said = at, client, said
        self._form = {"csrf_token": token(client)}
        self._id: UUID | None = None

    def bring(self, file: Path) -> None:
        """Hand a file in, and say what its columns are: as was guessed."""
        with self._part("upload") as part, file.open("rb") as stream, _timed(part):
            sent = {**self._form, "file": (stream, file.name)}
            answer = self._client.post("/admin/imports", data=sent)
            assert answer.status_code == 303, answer.text
        self._id = UUID(answer.location.rsplit("/", 1)[1])
        known = self.run.reading
        columns = {f"column-{place}": name for place, name in enumerate(known["fields"])}
        form = {name: known[name] for name in ("encoding", "separator", "decimal", "days")}
        self._send("columns", label="Another program", header="on", **form, **columns)

    def go_on(self, *ask: str) -> None:
        """Ask for the next part, and do all that a worker has to do then."""
        for action in ask:
            self._send(action)
        hauls = Hauls(self._at.tools, lambda: datetime.now(UTC))
        while (stage := Stage(self.run.stage)) in PARTS:
            with self._part(PARTS[stage]) as part:
                while self.run.stage == stage:
                    with _timed(part):
                        assert hauls.work() == 1, self.run.error

    def look(self) -> None:
        """Open its page, and fetch the list of differences."""
        with self._part("its page") as part, _timed(part):
            self._see("")
        with self._part("all differences") as part, _timed(part):
            self._see("/differences")

    @property
    def run(self) -> ImportRun:
        with self._at.tools.database.reading() as session:
            query = select(ImportRun).where(ImportRun.shop_id == self._at.shop_id)
            return session.scalars(query.where(ImportRun.id == self._id)).one()

    def _send(self, action: str, **said: str) -> None:
        path = f"/admin/imports/{self._id}/{action}"
        answer = self._client.post(path, data=self._form | said)
        assert answer.status_code == 303, answer.text

    def _see(self, path: str) -> None:
        answer = self._client.get(f"/admin/imports/{self._id}{path}", buffered=False)
        for _piece in answer.response:
            pass
        assert answer.status_code == 200
        answer.close()

    @contextmanager
    def _part(self, name: str) -> Iterator[Part]:
        part = Part(name)
        fresh_peak()
        servers = self._at.database_processes
        before = process_time() + used_seconds(*servers)
        yield part
        part.used = process_time() + used_seconds(*servers) - before
        part.peak, part.kept = peak_bytes(), self._at.used_bytes()
        self._said(part)


@contextmanager
def _timed(part: Part) -> Iterator[None]:
    began = perf_counter()
    yield
    part.seconds.append(perf_counter() - began)


def imported(at: Installation, table: Table, file: Path, said: Callable[[Part], None]) -> None:
    """Lead a table through all parts, and see that each did what it should."""
    it = Import(at, signed_in(at), said)
    it.bring(file)
    it.go_on()
    it.look()
    _hold(it.run, Stage.CHECKED, {Outcome.NEW: table.people, "problem": table.wrong})
    it.go_on("run")
    _hold(it.run, Stage.DONE, {Outcome.NEW: table.people, "points": table.points})
    it.go_on("undo")
    _hold(it.run, Stage.UNDONE, {Outcome.UNDONE: table.people, "points": -table.points})


def _hold(run: ImportRun, stage: Stage, wanted: dict[str, int]) -> None:
    found = {name: run.counts.get(name, 0) for name in wanted}
    assert (run.stage, found) == (stage, wanted), (run.stage, run.counts, run.error)


def main() -> None:
    """Take a table through an import on each database, print each part, and write them down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--verify", action="store_true", help="all books, when it is undone")
    asked = parser.parse_args()
    console, rows = Console(file=sys.stdout), list[list[str]]()
    with tempfile.TemporaryDirectory(prefix="stamkunde-bench-") as folder:
        file = Path(folder) / "members.csv"
        table = write_table(file, asked.rows, today=datetime.now(UTC).date())
        console.print(f"{file.stat().st_size / 1e6:.0f} MB, {table.people:,} people")
        for kind in asked.database or DATABASES:

            def said(part: Part, kind: str = kind) -> None:
                rows.append(part.row(kind, asked.rows))
                console.print("  ".join(rows[-1]))

            with installed(kind) as at, logged(at):
                imported(at, table, file, said)
                if asked.verify:
                    _verify(at)
    if asked.rows >= ROWS:
        write_page(RESULTS, "What an import of a million rows costs", SAID, COLUMNS, rows)


def _verify(at: Installation) -> None:
    with at.tools.database.reading() as session:
        found = verify(session, session.get_one(Shop, at.shop_id))
    assert found.differences == (), found.differences


if __name__ == "__main__":
    main()
