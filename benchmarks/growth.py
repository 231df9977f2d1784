"""`python -m benchmarks.growth`: what one operation costs as a shop grows to a million members.

What is compared is processor time, that of the database's server included: it neither waits for a
disk nor for neighbors. Shops of each size are there at once and measured in turns, so that what is
slow for a moment is slow for all of them. Members are asked for far apart, so that caches are of
little help.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import getloadavg
from pathlib import Path
from statistics import median
from time import time

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from sqlalchemy import func, select, text

from app.models.transfer import TransferRow
from benchmarks.accept import webhooks
from benchmarks.bodies import PAID, order_body
from benchmarks.figures import write_page
from benchmarks.installation import DATABASES, Installation, installed, logged
from benchmarks.measure import Measure
from benchmarks.population import COPIED, customer, populate
from benchmarks.processors import children_of, memory_bytes
from benchmarks.read import call
from benchmarks.servers import Served, app_served, cost_of
from benchmarks.settle import settled

RESULTS = Path(__file__).with_name("growth.md")
SIZES = (10_000, 100_000, 1_000_000)
FAR = 7_919
"""A prime: counting on by it comes to every member before it comes to one again."""
SAID = (
    "Ten transfers and one order a member. Processor time of one operation, that of the database's"
    " server included: the median of rounds in which the sizes take turns, and how many times that"
    " of the smallest shop it is."
)
OPERATIONS = ("accept", "settle", "read anew", "read again")
COLUMNS = (
    *("database", "members", *(f"{name} µs" for name in OPERATIONS)),
    *("bytes a transfer", "web MB", "verify s", "verify MB", "measured, at a load of"),
)


@dataclass
class Grown:
    """A shop of one size, and what was seen of it."""

    at: Installation
    web: Served
    members: int
    run: int = field(default_factory=lambda: int(time()))
    """Tells what is sent now from what an earlier run has sent to the same shop."""
    micros: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, number: int, seconds: float) -> None:
        """Accept and read for a round."""
        secret = self.at.settings.shopify_client_secret
        turns = {
            "accept": webhooks("6 KB", secret),
            "read anew": list(_calls(self.at, self.members, number, 2_000)),
            "read again": [call(self.at, customer(self.members // 2))],
        }
        for name, requests in turns.items():
            prefix = f"growth-{self.run}-{number}-{name.replace(' ', '-')}"
            measure = Measure(self.at, self.web, requests, prefix)
            measure.warm_up()
            measure.take(seconds, number)
            self.micros.setdefault(name, []).append(measure.micros[0])

    def settle(self, number: int, orders: int) -> None:
        """Settle a round of new orders by members far apart."""
        others, first = self.members - 1, orders * number
        sent = [
            (PAID, order_body("6 KB", self.run * 100_000 + one, customer(1 + one * FAR % others)))
            for one in range(first, first + orders)
        ]
        with _emptied(self.at), logged(self.at):
            _, used = settled(self.at, sent, f"growth-{self.run}-{number}")
        self.micros.setdefault("settle", []).append(used / orders * 1e6)

    def row(self, smallest: "Grown", *, verify: bool) -> list[str]:
        """What was seen of it beside the smallest one, its size, and what verifying takes."""
        web_bytes = memory_bytes(*children_of(self.web.process))
        proof = _verified(self.at) if verify else ("not asked", "–")
        costs = [
            f"{median(self.micros[name]):.0f} (×"
            f" {median(self.micros[name]) / median(smallest.micros[name]):.2f})"
            for name in OPERATIONS
        ]
        return [
            *(self.at.kind, f"{self.members:,}", *costs),
            f"{_size_bytes(self.at) / _transfers(self.at):.0f}",
            f"{web_bytes / 1e6:.0f}",
            *proof,
            f"{getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d %H:%M}",
        ]


def grown(
    kind: str, asked: argparse.Namespace, sizes: Sequence[int], console: Console
) -> list[list[str]]:
    """A row for each size of shop on one database."""
    with ExitStack() as stack:
        shops = []
        for members in sizes:
            kept = asked.keep.resolve() / f"{kind}-{members}" if asked.keep else None
            at = stack.enter_context(installed(kind, kept))
            _grow(at, members, console)
            shops.append(Grown(at, stack.enter_context(app_served(at)), members))
        for number in range(asked.rounds):
            for shop in shops:
                with console.status(f"{shop.members:,} members on {kind}, round {number + 1} …"):
                    shop.ask(number, asked.seconds)
                    shop.settle(number, asked.orders)
        rows = []
        for shop in shops:
            with console.status(f"stamkunde verify with {shop.members:,} members on {kind} …"):
                rows.append(shop.row(shops[0], verify=not asked.without_verify))
            console.print("  ".join(rows[-1]))
    return rows


def _grow(at: Installation, members: int, console: Console) -> None:
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(f"{members:,} members on {at.kind}", total=members)
        populate(at, members, lambda done: progress.update(bar, completed=done))
        progress.update(bar, completed=members)


def _calls(at: Installation, members: int, round_number: int, count: int) -> Iterator[bytes]:
    """Calls by members far from each other, none of them twice."""
    for number in range(round_number * count, round_number * count + count):
        yield call(at, customer(1 + number * FAR % (members - 1)), turn=str(number))


@contextmanager
def _emptied(at: Installation) -> Iterator[None]:
    """An inbox in which nothing waits but what is to be measured."""
    with at.tools.database.transaction() as session:
        session.execute(
            text("DELETE FROM delivery WHERE shop_id = :shop_id"), {"shop_id": at.shop_id}
        )
    yield


def _verified(at: Installation) -> tuple[str, str]:
    """How many seconds `stamkunde verify` takes, and the megabytes it had in use at most."""
    cost = cost_of(at, "verify")
    return f"{cost.seconds:.0f} ({cost.burnt:.0f} of ours)", f"{cost.megabytes:.0f}"


def _transfers(at: Installation) -> int:
    with at.tools.database.reading() as session:
        query = select(func.count()).where(TransferRow.shop_id == at.shop_id)
        return session.scalar(query) or 1


def _size_bytes(at: Installation) -> int:
    """What members, orders and transfers take, with their indexes."""
    if at.is_sqlite:
        return at.used_bytes()
    with at.tools.database.reading() as session:
        tables = " + ".join(f"pg_total_relation_size('{name}')" for name in COPIED)
        return int(session.execute(text(f"SELECT {tables}")).scalar_one())


def _kept_rows(database: str) -> list[list[str]]:
    """What the page tells of a database that is not measured now."""
    lines = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() else []
    return [line.strip("| ").split(" | ") for line in lines if line.startswith(f"| {database} ")]


def main() -> None:
    """Let shops grow on each database, print a row for each size, and write them down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--members", type=int, action="append", help="instead of 10k, 100k, 1M")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--keep", type=Path, help="where shops are kept, and taken from again")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--orders", type=int, default=1_000)
    parser.add_argument("--without-verify", action="store_true")
    asked = parser.parse_args()
    console, found = Console(), {kind: _kept_rows(kind) for kind in DATABASES}
    for kind in asked.database or DATABASES:
        found[kind] = grown(kind, asked, sorted(asked.members or SIZES), console)
    if not asked.members:
        rows = [row for kind in DATABASES for row in found[kind]]
        write_page(RESULTS, "What an operation costs as a shop grows", SAID, COLUMNS, rows)


if __name__ == "__main__":
    main()
