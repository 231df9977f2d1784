"""Settle: from deliveries to the ledger by the default program, against SQL without any rule."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from time import perf_counter

from app.jobs.inbox import BATCH, work_inbox
from benchmarks.bodies import SIZES, order_body
from benchmarks.figures import Figure, interleaved
from benchmarks.installation import Installation, logged
from benchmarks.limit import Limit

CUSTOMERS = 2_000
"""Whom the orders come from: some are new, some have been here before."""


def settle(installation: Installation, *, rounds: int, orders: int) -> list[Figure]:
    """One figure for each size of body; big ones come in smaller numbers."""
    counts = {"6 KB": orders, "60 KB": max(1, orders // 3)}
    with logged(installation):
        return [_compared(installation, size, rounds, counts[size]) for size in SIZES]


def _compared(at: Installation, size: str, rounds: int, orders: int) -> Figure:
    figure = Figure("settle", at.kind, f"{size} orders")
    with closing(Limit(at.settings.database_url)) as sql:

        def ours(number: int) -> None:
            figure.ours.append(orders / _settled(at, bodies_of(size, number, orders), number))

        def limit(number: int) -> None:
            figure.limit.append(orders / sql.settled(bodies_of(size, number, orders), number))

        _settled(at, bodies_of(size, rounds, 1 + orders // 4), rounds)
        sql.settled(bodies_of(size, rounds, 1 + orders // 4), rounds)
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


def _settled(at: Installation, bodies: list[bytes], number: int) -> float:
    """Put deliveries into the inbox, unmeasured, and work on them; returns the seconds it took."""
    now = datetime.now(UTC)
    at.receive(
        bodies, prefix=f"{number}-{len(bodies[0])}-{len(bodies)}", at=now - timedelta(seconds=1)
    )
    began, done = perf_counter(), 0
    while taken := work_inbox(at.tools, now=now):
        done += taken
    took = perf_counter() - began
    assert done == len(bodies), f"{done} of {len(bodies)} deliveries were worked on."
    return took
