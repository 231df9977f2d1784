"""`python -m benchmarks.growth`: what one operation costs as a shop grows to a million members.

What is compared is processor time, that of the database's server included: it neither waits for a
disk nor for neighbors. Members are asked for far apart, so that caches are of little help.
"""

import argparse
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, select, text

from app.models.transfer import TransferRow
from benchmarks.accept import webhooks
from benchmarks.bodies import PAID, order_body
from benchmarks.figures import write_page
from benchmarks.installation import DATABASES, Installation, installed, logged
from benchmarks.measure import Measure
from benchmarks.population import customer, populate
from benchmarks.processors import children_of, memory_bytes
from benchmarks.read import call
from benchmarks.servers import PROGRAM, ROOT, Served, app_served
from benchmarks.settle import settled

RESULTS = Path(__file__).with_name("growth.md")
SIZES = (10_000, 100_000, 1_000_000)
FAR = 7_919
"""A prime: counting on by it comes to every member before it comes to one again."""
SAID = (
    "Ten transfers and one order a member. Processor time of one operation, that of the database's"
    " server included."
)
COLUMNS = (
    *("database", "members", "accept µs", "settle µs", "read anew µs", "read again µs"),
    *("bytes a transfer", "web MB", "verify s", "verify MB"),
)


def grown(at: Installation, members: int, *, seconds: float, orders: int) -> list[str]:
    """One row: each operation, the size of the books, and what verifying them takes."""
    with app_served(at) as web:
        micros = [
            _micros(at, web, name, requests, seconds)
            for name, requests in (
                ("accept", webhooks("6 KB", at.settings.shopify_client_secret)),
                ("anew", list(_calls(at, members, 3_000))),
                ("again", [call(at, customer(members // 2))]),
            )
        ]
        web_bytes = memory_bytes(*children_of(web.process))
    others = members - 1
    with _emptied(at), logged(at):
        sent = [
            (PAID, order_body("6 KB", 70_000_000 + number, customer(1 + number * FAR % others)))
            for number in range(orders)
        ]
        _, used = settled(at, sent, f"growth-{members}")
    took, most_bytes = _verified(at)
    return [
        at.kind,
        f"{members:,}",
        f"{micros[0]:.0f}",
        f"{used / orders * 1e6:.0f}",
        f"{micros[1]:.0f}",
        f"{micros[2]:.0f}",
        f"{_size_bytes(at) / _transfers(at):.0f}",
        f"{web_bytes / 1e6:.0f}",
        f"{took:.0f}",
        f"{most_bytes / 1e6:.0f}",
    ]


def _micros(
    at: Installation, web: Served, name: str, requests: list[bytes], seconds: float
) -> float:
    measure = Measure(at, web, requests, f"growth-{name}")
    measure.warm_up()
    measure.take(seconds, 0)
    return measure.micros[0]


def _calls(at: Installation, members: int, count: int) -> Iterator[bytes]:
    """Calls by members far from each other, none of them twice."""
    for number in range(count):
        yield call(at, customer(1 + number * FAR % (members - 1)), turn=str(number))


@contextmanager
def _emptied(at: Installation) -> Iterator[None]:
    """An inbox in which nothing waits but what is to be measured."""
    with at.tools.database.transaction() as session:
        session.execute(
            text("UPDATE delivery SET state = 'done' WHERE shop_id = :shop_id"),
            {"shop_id": at.shop_id},
        )
    yield


def _verified(at: Installation) -> tuple[float, int]:
    """How long `stamkunde verify` takes, and the most memory that it had in use."""
    began = perf_counter()
    verify = subprocess.Popen(
        [*PROGRAM, "verify"], env=os.environ | at.environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(verify.pid, 0)
    verify.returncode = os.waitstatus_to_exitcode(status)
    assert verify.returncode == 0, "The books are not right."
    return perf_counter() - began, used.ru_maxrss * 1024


def _transfers(at: Installation) -> int:
    with at.tools.database.reading() as session:
        query = select(func.count()).where(TransferRow.shop_id == at.shop_id)
        return session.scalar(query) or 1


def _size_bytes(at: Installation) -> int:
    if at.is_sqlite:
        # With what is not in the file itself yet.
        return sum(path.stat().st_size for path in at.folder.glob("stamkunde.db*"))
    with at.tools.database.reading() as session:
        return session.scalar(text("SELECT pg_database_size(current_database())")) or 0


def main() -> None:
    """Let a shop grow on each database, print a row for each size, and write them down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--members", type=int, action="append", help="instead of 10k, 100k, 1M")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--orders", type=int, default=2_000)
    asked = parser.parse_args()
    console, rows = Console(), []
    for kind in asked.database or DATABASES:
        with installed(kind) as installation:
            for members in asked.members or SIZES:
                with Progress(console=console) as progress:
                    bar = progress.add_task(f"{members:,} members on {kind}", total=members)
                    populate(
                        installation,
                        members,
                        lambda done: progress.update(bar, completed=done),  # noqa: B023
                    )
                rows.append(
                    grown(installation, members, seconds=asked.seconds, orders=asked.orders)
                )
                console.print("  ".join(rows[-1]))
    if not asked.members and not asked.database:
        write_page(RESULTS, "What an operation costs as a shop grows", SAID, COLUMNS, rows)


if __name__ == "__main__":
    main()
