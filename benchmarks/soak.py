"""`python -m benchmarks.soak`: whether the web and a worker hold more and more memory.

Real processes, and orders at a steady rate, each a new one, by customers who come back. Memory is
looked at after each minute, or each eighth of a shorter run. What was there after the first of them
is what a process needs to be warm; the last may be a tenth above it.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from benchmarks.accept import signed_webhook
from benchmarks.bodies import order_body
from benchmarks.figures import write_page
from benchmarks.installation import DATABASES, Installation, installed
from benchmarks.processors import children_of, memory_bytes
from benchmarks.servers import app_served, load, worker_running

RESULTS = Path(__file__).with_name("soak.md")
RATE = 50
HOUR_SECONDS = 3600
CUSTOMERS = 10_000
FIRST = 60_000_000
MOST_GROWTH = 0.10
SAID = (
    f"{RATE} orders a second, each a new one of {CUSTOMERS:,} customers. Memory is what the"
    " processes themselves have in use, after the first minute and at the end; the goal is 10 % at"
    " most."
)
COLUMNS = ("database", "for", "orders", "web MB", "worker MB", "grew by", "left waiting")


def soaked(at: Installation, seconds: float) -> list[str]:
    """One row: how much memory there was when all was warm, and at the end."""
    with app_served(at) as web, worker_running(at) as worker:
        looks = [
            (memory_bytes(*children_of(web.process)), memory_bytes(worker))
            for _ in _sent(at, web.port, seconds)
        ]
        waiting = at.waiting()
    (web_before, worker_before), (web_after, worker_after) = looks[0], looks[-1]
    return [
        at.kind,
        f"{seconds / 60:.0f} min",
        f"{RATE * seconds:,.0f}",
        f"{web_before / 1e6:.0f} → {web_after / 1e6:.0f}",
        f"{worker_before / 1e6:.0f} → {worker_after / 1e6:.0f}",
        f"{grown_by(looks):.1%}",
        f"{waiting:,}",
    ]


def grown_by(looks: list[tuple[int, int]]) -> float:
    """The larger of the two shares by which the processes grew from the first look to the last."""
    return max(last / first - 1 for first, last in zip(looks[0], looks[-1], strict=True))


def _sent(at: Installation, port: int, seconds: float) -> Iterator[int]:
    """Send the orders slice by slice; yields how many there were after each."""
    slice_seconds = min(60.0, seconds / 8)
    each = int(RATE * slice_seconds)
    secret, count = at.settings.shopify_client_secret, 0
    while count < RATE * seconds:
        requests = [
            signed_webhook(order_body("6 KB", FIRST + number, 1 + number % CUSTOMERS), secret)
            for number in range(count, count + each)
        ]
        load(
            port,
            requests,
            seconds=slice_seconds + 120,
            rate=RATE,
            most=each,
            prefix=f"soak-{count}",
            at=at.folder,
        )
        count += each
        yield count


def main() -> None:
    """Soak on each database, print the rows, and write them down when it was an hour."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=HOUR_SECONDS)
    parser.add_argument("--database", choices=DATABASES, action="append")
    asked = parser.parse_args()
    console, rows = Console(), []
    for kind in asked.database or DATABASES:
        with installed(kind) as installation, console.status(f"orders on {kind} …"):
            rows.append(soaked(installation, asked.seconds))
        console.print("  ".join(rows[-1]))
    if asked.seconds >= HOUR_SECONDS and not asked.database:
        write_page(RESULTS, "Whether memory grows", SAID, COLUMNS, rows)
    too_much = [row[0] for row in rows if float(row[5].rstrip("%")) > 100 * MOST_GROWTH]
    if too_much:
        raise SystemExit(f"Memory grew by more than a tenth on {', '.join(too_much)}.")


if __name__ == "__main__":
    main()
