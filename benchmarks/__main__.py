"""`python -m benchmarks [accept|settle|read]`: measure, print a table, write results.md."""

import argparse
from collections.abc import Callable
from functools import partial

from rich.console import Console

from benchmarks.accept import accept
from benchmarks.figures import Figure, show, write
from benchmarks.installation import DATABASES, Installation, installed
from benchmarks.read import read
from benchmarks.settle import settle

Benchmark = Callable[[Installation], list[Figure]]


def benchmarks(*, rounds: int, seconds: float, orders: int) -> dict[str, Benchmark]:
    """Each hot path by its name."""
    return {
        "accept": partial(accept, rounds=rounds, seconds=seconds),
        "settle": partial(settle, rounds=rounds, orders=orders),
        "read": partial(read, rounds=rounds, seconds=seconds),
    }


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("path", nargs="*", choices=[[], "accept", "settle", "read"])
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--database", choices=DATABASES, action="append")
    asked = parser.parse_args()
    rounds, seconds, orders = (2, 0.6, 300) if asked.quick else (5, 2.0, 1_200)
    console = Console()
    figures: list[Figure] = []
    paths = benchmarks(rounds=rounds, seconds=seconds, orders=orders)
    for name in asked.path or paths:
        for kind in asked.database or DATABASES:
            with console.status(f"{name} on {kind} …"), installed(kind) as installation:
                figures += paths[name](installation)
    show(figures, console)
    everything = not asked.path and not asked.database and not asked.quick
    if everything:
        write(figures, rounds)


if __name__ == "__main__":
    main()
