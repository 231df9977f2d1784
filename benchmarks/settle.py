"""Settle: from deliveries to the ledger by a program of all rules, against SQL without any."""

import zlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time, sleep

from app.jobs.inbox import BATCH, work_inbox
from app.loyalty.publish import publish
from app.models.shop import Shop
from benchmarks.bodies import SIZES, Sent
from benchmarks.figures import Figure, interleaved
from benchmarks.installation import Installation, logged
from benchmarks.limit import Limit
from benchmarks.mix import full_program, mixed, orders_of
from benchmarks.processors import used_seconds
from benchmarks.servers import worker_running


def settle(installation: Installation, *, rounds: int, orders: int) -> list[Figure]:
    """One figure for each size of body; big ones come in smaller numbers."""
    counts = {"6 KB": orders, "60 KB": max(1, orders // 3)}
    publish_all_rules(installation)
    with logged(installation):
        found = [_compared(installation, size, rounds, counts[size]) for size in SIZES]
    # SQLite has one writer, so there a second worker has nothing to do.
    return found if installation.is_sqlite else [*found, _two_workers(installation, rounds, orders)]


def publish_all_rules(at: Installation) -> None:
    """Let the full program count from before the first order was placed."""
    with at.tools.database.transaction() as session:
        shop = session.get_one(Shop, at.shop_id)
        before = datetime.now(UTC) - timedelta(days=399)
        publish(session, shop, full_program(), author="benchmark", at=before)


def _compared(at: Installation, size: str, rounds: int, orders: int) -> Figure:
    figure = Figure("settle", at.kind, f"{size} orders, each tenth a refund")
    with closing(Limit(at.settings.database_url)) as sql:

        def ours(number: int) -> None:
            seconds, used = settled(at, sent_in(size, number, orders), f"{size}-{number}")
            figure.ours.append(orders / seconds)
            figure.ours_us.append(used / orders * 1e6)

        def limit(number: int) -> None:
            sql.receive(sent_in(size, number, orders), f"{size}-{number}")
            seconds, used = _watched(at, sql.work)
            figure.limit.append(orders / seconds)
            figure.limit_us.append(used / orders * 1e6)

        warm = sent_in(size, rounds, 1 + orders // 4)
        settled(at, warm, f"{size}-warm")
        sql.receive(warm, f"{size}-warm")
        sql.work()
        interleaved(rounds, ours, limit)
    figure.beside = f"{orders:,} deliveries a round, batches of {BATCH}"
    return figure


def sent_in(size: str, number: int, count: int) -> list[Sent]:
    """The deliveries of a round: none of their orders has come before."""
    return mixed(size, 3_000_000 + 100_000 * number + (10_000_000 if size == "60 KB" else 0), count)


def settled(at: Installation, sent: Sequence[Sent], name: str) -> tuple[float, float]:
    """Put deliveries into the inbox, unmeasured, and work on them."""
    now = datetime.now(UTC)
    at.receive(sent, prefix=name, at=now - timedelta(seconds=1))

    def work() -> None:
        done = 0
        while taken := work_inbox(at.tools, now=now):
            done += taken
        assert done == len(sent), f"{done} of {len(sent)} deliveries were worked on."

    return _watched(at, work)


def _watched(at: Installation, work: Callable[[], None]) -> tuple[float, float]:
    """The seconds that work took by the clock, and of processors, the server's included."""
    servers = at.database_processes
    used, began = process_time() + used_seconds(*servers), perf_counter()
    work()
    took = perf_counter() - began
    return took, process_time() + used_seconds(*servers) - used


def _two_workers(at: Installation, rounds: int, orders: int) -> Figure:
    """Two processes of `stamkunde worker` on the same queue, against one of them.

    Orders alone: a refund that overtakes its order asks the platform for it, and there is none.
    """
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
    at.receive(orders_of("6 KB", first, orders), prefix=name, at=datetime.now(UTC))
    began = perf_counter()
    while at.waiting():
        sleep(0.02)
    return orders / (perf_counter() - began)
