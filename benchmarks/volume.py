"""`python -m benchmarks.volume`: what a shop of 100,000 members and 2,000,000 transfers takes.

Its balances, lots and awards are recomputed, it is exported; and a journal of orders that came one
by one is replayed, of which there are fewer: a row tells what one fact costs.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from app.jobs.inbox import work_inbox
from app.models.fact import count_facts
from benchmarks.figures import write_page
from benchmarks.installation import DATABASES, Installation, installed, logged
from benchmarks.population import GIFTS, populate
from benchmarks.servers import cost_of
from benchmarks.settle import publish_all_rules, sent_in

RESULTS = Path(__file__).with_name("volume.md")
MEMBERS, ORDERS = 100_000, 5_000
TWENTY = (*GIFTS, 50, *GIFTS)
"""The gifts that make twenty transfers a member, with the one of their order."""
SAID = (
    "Twenty transfers and one order a member. Each command is a process of its own; seconds by the"
    " clock, of its own processor in brackets, and the memory that it had in use at most. The goal"
    " is five minutes and 400 MB. A journal is replayed of a shop with fewer facts, one order a"
    " batch as they come on a quiet day; what as many facts as there are transfers would take"
    " follows from it."
)
COLUMNS = ("database", "what", "of", "s", "MB", "µs each", "for as many facts as transfers")


def volume(at: Installation, members: int) -> list[list[str]]:
    """A row each for recomputing and exporting a shop of so many members."""
    populate(at, members, lambda _: None, TWENTY)
    entries = members * (1 + len(TWENTY))
    export = str(at.folder / "export.zip")
    return [
        _row(at, "recompute (`verify`)", entries, ["verify"]),
        _row(at, "export", entries, ["export", export]),
    ]


def replayed(at: Installation, orders: int, entries: int) -> list[str]:
    """The row for a journal of orders that came one by one."""
    publish_all_rules(at)
    now = datetime.now(UTC)
    with logged(at):
        for number, sent in enumerate(sent_in("6 KB", 0, orders)):
            moment = now + timedelta(milliseconds=number)
            at.receive([sent], prefix=f"one-{number}", at=moment)
            while work_inbox(at.tools, now=moment):
                pass
    with at.tools.database.reading() as session:
        facts = count_facts(session, at.shop_id)
    return _row(at, "rebuild", facts, ["rebuild", "--check"], entries)


def _row(
    at: Installation, what: str, of: int, arguments: Sequence[str], entries: int | None = None
) -> list[str]:
    """Run a command of ours, and tell its time and memory."""
    cost = cost_of(at, *arguments)
    each = cost.burnt / of
    whole = f"{each * entries / 60:.0f} min of processor time" if entries is not None else "–"
    kind = "transfers" if entries is None else "facts"
    return [
        *(at.kind, what, f"{of:,} {kind}", f"{cost.seconds:.0f} ({cost.burnt:.0f})"),
        *(f"{cost.megabytes:.0f}", f"{each * 1e6:.0f}", whole),
    ]


def main() -> None:
    """Measure on each database, print the rows, and write them down when all was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.volume", description=__doc__)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--database", choices=DATABASES, action="append")
    asked = parser.parse_args()
    console, rows = Console(), []
    for kind in asked.database or DATABASES:
        with installed(kind) as at, console.status(f"{asked.members:,} members on {kind} …"):
            found = volume(at, asked.members)
        with installed(kind) as at, console.status(f"{asked.orders:,} orders on {kind} …"):
            found.append(replayed(at, asked.orders, asked.members * (1 + len(TWENTY))))
        for row in found:
            console.print("  ".join(row))
        rows += found
    if (asked.members, asked.orders, asked.database) == (MEMBERS, ORDERS, None):
        write_page(RESULTS, "What a large shop takes", SAID, COLUMNS, rows)


if __name__ == "__main__":
    main()
