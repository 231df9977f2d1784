"""Settle: from deliveries to the ledger by the default program, against SQL without any rule."""

import zlib
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time, sleep

from app.jobs.inbox import BATCH, work_inbox
from benchmarks.bodies import SIZES, order_body
from benchmarks.figures import Figure, interleaved
from benchmarks.installation import Installation, logged
from benchmarks.limit import Limit
from benchmarks.processors import used_seconds
from benchmarks.servers import worker_running

CUSTOMERS = 2_000
"""Whom the orders come from: some are new, some have been here before."""


def settle(installation: Installation, *, rounds: int, orders: int) -> list[Figure]:
    """One figure for each size of body; big ones come in smaller numbers."""
    counts = {"6 KB": orders, "60 KB": max(1, orders // 3)}
    with logged(installation):
        found = [_compared(installation, size, rounds, counts[size]) for size in SIZES]
    # SQLite has one writer, so there a second worker has nothing to do.
    return found if installation.is_sqlite else [*found, _two_workers(installation, rounds, orders)]


def _compared(at: Installation, size: str, rounds: int, orders: int) -> Figure:
    figure = Figure("settle", at.kind, f"{size} orders")
    with closing(Limit(at.settings.database_url)) as sql:

        def ours(number: int) -> None:
            seconds, used = settled(at, bodies_of(size, number, orders), number)
            figure.ours.append(orders / seconds)
            figure.ours_us.append(used / orders * 1e6)

        def limit(number: int) -> None:
            bodies = bodies_of(size, number, orders)
            sql.receive(bodies, number)
            seconds, used = _watched(at, sql.work)
            figure.limit.append(orders / seconds)
            figure.limit_us.append(used / orders * 1e6)

        settled(at, bodies_of(size, rounds, 1 + orders // 4), rounds)
        sql.receive(bodies_of(size, rounds, 1 + orders // 4), rounds)
        sql.work()
        interleaved(rounds, ours, limit)
    figure.beside = f"{orders:,} orders a round, batches of {BATCH}"
    return figure


def bodies_of(size: str, number: int, orders: int) -> list[bytes]:
    """The orders of a round: none of them has come before."""
    first = 3_000_000 + 100_000 * number + (10_000_000 if size == "60 KB" else 0)
    return [
        order_body(size, order, 1 + order * 7919 % CUSTOMERS)
        for order in range(first, first + orders)
    ]


def settled(at: Installation, bodies: list[bytes], number: int) -> tuple[float, float]:
    """Put deliveries into the inbox, unmeasured, and work on them."""
    now = datetime.now(UTC)
    at.receive(
        bodies, prefix=f"{number}-{len(bodies[0])}-{len(bodies)}", at=now - timedelta(seconds=1)
    )

    def work() -> None:
        done = 0
        while taken := work_inbox(at.tools, now=now):
            done += taken
        assert done == len(bodies), f"{done} of {len(bodies)} deliveries were worked on."

    return _watched(at, work)


def _watched(at: Installation, work: Callable[[], None]) -> tuple[float, float]:
    """The seconds that work took by the clock, and of processors, the server's included."""
    servers = at.database_processes
    used, began = process_time() + used_seconds(*servers), perf_counter()
    work()
    took = perf_counter() - began
    return took, process_time() + used_seconds(*servers) - used


def _two_workers(at: Installation, rounds: int, orders: int) -> Figure:
    """Two processes of `stamkunde worker` on the same queue, against one of them."""
    figure = Figure("settle", at.kind, "6 KB orders, two workers against one")
    with worker_running(at), ExitStack() as second:
        _drained(at, orders // 4, "warm")
        alone = [_drained(at, orders, f"alone-{number}") for number in range(rounds)]
        second.enter_context(worker_running(at))
        _drained(at, orders // 4, "warm-both")
        both = [_drained(at, orders, f"both-{number}") for number in range(rounds)]
    figure.ours, figure.limit = both, alone
    figure.beside = f"{orders:,} orders a round; one after the other, not in turns"
    return figure


def _drained(at: Installation, orders: int, name: str) -> float:
    """Put orders into the inbox and wait until workers have carried out all; returns the rate."""
    first = 20_000_000 + zlib.crc32(name.encode()) % 1_000_000 * 1_000
    bodies = [
        order_body("6 KB", order, 1 + order * 7919 % CUSTOMERS)
        for order in range(first, first + orders)
    ]
    at.receive(bodies, prefix=name, at=datetime.now(UTC))
    began = perf_counter()
    while at.waiting():
        sleep(0.02)
    return orders / (perf_counter() - began)
