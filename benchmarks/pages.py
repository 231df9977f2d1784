"""`python -m benchmarks.pages`: how long the server takes for each page of a large shop's admin.

By the clock, and by processor time, which neighbors on the same machine distort far less; that of
PostgreSQL's server is included.
"""

import argparse
import io
from contextlib import redirect_stdout
from datetime import UTC, datetime
from os import getloadavg
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from app.jobs.hauls import Hauls
from app.models.member import Member
from benchmarks.crowd import TIERS, write_crowd
from benchmarks.installation import DATABASES, Installation, installed
from benchmarks.merchant import signed_in, token
from benchmarks.processors import used_seconds

SEARCH = "/admin/members/search"
PAGES = (
    "/admin/",
    "/admin/live",
    "/admin/members",
    "/admin/members?tier={tier}",
    "/admin/members?stage=lost",
    "/admin/members/{member}",
    SEARCH,
    "/admin/program",
    "/admin/rewards",
    "/admin/analytics?days=30",
    "/admin/analytics?days=365",
    "/admin/deliveries",
    "/admin/deliveries?state=dead",
    "/admin/comparisons",
    "/admin/imports",
    "/admin/exports",
    "/admin/privacy",
    "/admin/settings",
    "/admin/settings/languages",
    "/admin/settings/audit",
    "/admin/settings/team",
    "/admin/settings/pause",
)
REPORTS = ("/admin/", "/admin/analytics?days=30", "/admin/analytics?days=365")
ORDER = 7
"""The number of an order to look for, which is a customer's id, too."""
ROUNDS = 25
LIMIT_MS = 200


Seen = tuple[str, float, float, float, float, float]


def measured(installation: Installation) -> list[Seen]:
    """Each page with its first, median and 95th percentile, and its processor time, in ms.

    Of the latter the mean with that of the database's server, and the 95th percentile of ours.
    """
    client = signed_in(installation)
    with installation.tools.database.reading() as session:
        query = select(Member.id).where(Member.shop_id == installation.shop_id).limit(1)
        member = session.scalar(query)
    # What a worker computes for a large shop is there by the time that somebody looks again.
    for page in REPORTS:
        client.get(page)
    hauls = Hauls(installation.tools, lambda: datetime.now(UTC))
    while hauls.work():
        pass
    form = {"q": str(ORDER), "csrf_token": token(client)}
    found = []
    servers = installation.database_processes
    for page in PAGES:
        times, ours = [], []
        burnt = process_time() + used_seconds(*servers)
        for _ in range(ROUNDS):
            began, used = perf_counter(), process_time()
            if page == SEARCH:
                answer = client.post(page, data=form)
            else:
                answer = client.get(page.format(member=member, tier=TIERS[-1]))
            times.append((perf_counter() - began) * 1000)
            ours.append((process_time() - used) * 1000)
            assert answer.status_code in (200, 303), (page, answer.status)
        burnt = process_time() + used_seconds(*servers) - burnt
        ranks = quantiles(times[1:], n=20)
        most = quantiles(ours[1:], n=20)[18]
        found.append((page, times[0], ranks[9], ranks[18], burnt / ROUNDS * 1000, most))
    return found


def main() -> None:
    """Make a crowd, look at every page, and print how long each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=300_000)
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--keep", type=Path, help="where the crowd is kept, and taken from again")
    asked = parser.parse_args()
    # Wide enough for every page's name, into a file, too.
    console = Console(width=100)
    for kind in asked.database or DATABASES:
        kept = asked.keep.resolve() / f"pages-{kind}" if asked.keep else None
        with console.status(f"pages on {kind} …"), installed(kind, kept) as installation:
            with installation.tools.database.transaction() as session:
                if not session.scalar(select(func.count()).select_from(Member)):
                    write_crowd(
                        session, installation.shop_id, members=asked.members, orders=asked.orders
                    )
            with redirect_stdout(io.StringIO()):
                figures = measured(installation)
        title = f"{kind}, {asked.members:,} members, load {getloadavg()[0]:.1f}"
        table = Table(
            "page", "first", "median", "p95", "processors", "p95 of ours", "", title=title
        )
        for page, *times in figures:
            mark = "" if times[2] <= LIMIT_MS else " !"
            table.add_row(page, *(f"{one:.0f} ms" for one in times), mark)
        console.print(table)


if __name__ == "__main__":
    main()
