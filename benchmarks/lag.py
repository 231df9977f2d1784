"""`python -m benchmarks.lag`: from the platform's POST to the balance that the widget shows.

Real processes, web and worker, and orders at a steady rate by customers who have never ordered;
of some of them the widget asks until it shows the points. Then a burst, and how long until nothing
waits any more.
"""

import argparse
import json
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from time import sleep, time

from rich.console import Console

from benchmarks.accept import signed_webhook
from benchmarks.bodies import order_body
from benchmarks.figures import write_page
from benchmarks.installation import DATABASES, Installation, installed
from benchmarks.processors import used_seconds
from benchmarks.read import signed_path
from benchmarks.servers import app_served, load, worker_running

RESULTS = Path(__file__).with_name("lag.md")
RATES = (10, 50, 150)
WATCHED_PER_SECOND = 4
LOOKS_EVERY_SECONDS = 0.05
MOST_DRAIN_SECONDS = 600
SAID = (
    "Lag is from when an order was due to be sent to when the widget shows its points, looked for"
    f" every {LOOKS_EVERY_SECONDS * 1000:.0f} ms. The last row of each database is the burst."
)
COLUMNS = (
    *("database", "orders a second", "for", "lag p50", "lag p95", "worst"),
    *("answers p99", "drained after", "processors"),
)


@dataclass
class Run:
    """Orders at one rate for a while, and when those of some customers could be seen."""

    rate: float
    seconds: float
    first: int
    seen: dict[int, float] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return int(self.rate * self.seconds)

    @property
    def watched(self) -> list[int]:
        """The places of the orders that are looked for."""
        step = max(1, round(self.rate / WATCHED_PER_SECOND))
        return list(range(0, self.count, step))

    def customer(self, place: int) -> int:
        return self.first + place


def measured(at: Installation, run: Run) -> list[str]:
    """One row: orders go out, some are looked for, and all are waited for."""
    secret = at.settings.shopify_client_secret
    requests = [
        signed_webhook(order_body("6 KB", run.customer(place), run.customer(place)), secret)
        for place in range(run.count)
    ]
    with app_served(at) as web, worker_running(at) as worker, ThreadPoolExecutor(1) as aside:
        processes = (web.process, worker, *at.database_processes)
        before, began = used_seconds(*processes), time()
        sending: Future[dict[str, float]] = aside.submit(
            load,
            web.port,
            requests,
            seconds=run.seconds + 120,
            rate=run.rate,
            most=run.count,
            prefix=f"lag-{run.first}",
            at=at.folder,
        )
        _watch(at, web.port, run, sending)
        sent = sending.result()
        ended = sent["began_at"] + run.count / run.rate
        while at.waiting() and time() < ended + MOST_DRAIN_SECONDS:
            sleep(0.1)
        drained = max(0.0, time() - ended)
        share = (used_seconds(*processes) - before) / (time() - began)
    lags = [at_time - sent["began_at"] - place / run.rate for place, at_time in run.seen.items()]
    ranks = quantiles(lags, n=20) if len(lags) > 1 else [lags[0]] * 19
    return [
        at.kind,
        f"{run.rate:.0f}",
        f"{run.seconds:.0f} s",
        f"{median(lags):.2f} s",
        f"{ranks[18]:.2f} s",
        f"{max(lags):.2f} s",
        f"{sent['p99_ms']:.0f} ms",
        f"{drained:.1f} s",
        f"{share:.0%} of one; client {sent['client_share']:.0%}",
    ]


def _watch(at: Installation, port: int, run: Run, sending: "Future[dict[str, float]]") -> None:
    """Ask for each watched customer, over and over, from when their order may have gone out."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    began, ahead, pending = time(), deque(run.watched), deque[int]()
    while ahead or pending:
        while ahead and time() >= began + ahead[0] / run.rate:
            pending.append(ahead.popleft())
        for _ in range(len(pending)):
            place = pending.popleft()
            if _balance(at, line, run.customer(place)) > 0:
                run.seen[place] = time()
            else:
                pending.append(place)
        if sending.done() and sending.exception() is not None:
            return
        sleep(LOOKS_EVERY_SECONDS)
    line.close()


def _balance(at: Installation, line: HTTPConnection, customer: int) -> int:
    line.request("GET", signed_path(at, customer))
    answer = line.getresponse()
    member = json.loads(answer.read())["member"]
    return int(member["balance"]) if member else 0


def runs(*, quick: bool) -> Iterator[Run]:
    """The steady rates, then the burst: ten thousand events in half a minute."""
    seconds = 5.0 if quick else 20.0
    first = 40_000_000
    for rate in RATES:
        yield Run(rate, seconds, first)
        first += 1_000_000
    yield Run(10_000 / 30, 2.0 if quick else 30.0, first)


def main() -> None:
    """Measure every rate on each database, print the rows, and write them down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lag", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of half a minute")
    parser.add_argument("--database", choices=DATABASES, action="append")
    asked = parser.parse_args()
    console, rows = Console(), []
    for kind in asked.database or DATABASES:
        with installed(kind) as installation:
            for run in runs(quick=asked.quick):
                with console.status(f"{run.rate:.0f} orders a second on {kind} …"):
                    rows.append(measured(installation, run))
                console.print("  ".join(rows[-1]))
    if not asked.quick:
        write_page(RESULTS, "How late a balance is", SAID, COLUMNS, rows)


if __name__ == "__main__":
    main()
