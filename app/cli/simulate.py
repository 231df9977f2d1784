"""`stamkunde simulate`: a year of a shop that never was, and the proof that its books are right."""

from datetime import UTC, datetime
from time import monotonic, process_time

import click
from rich.table import Table

from app.cli.db import database_at
from app.cli.say import Complaint, console, done, note
from app.cli.verify import table_of
from app.cli.what_if import bar
from app.loyalty.digest import digest
from app.loyalty.verify import verify
from app.models.shop import find_shop, shop_by_domain
from app.simulation.live import Year
from app.simulation.story import Scale

BEGINS_AT = datetime(2025, 10, 1, tzinfo=UTC)


@click.command("simulate")
@click.option("--customers", type=click.IntRange(1, 10**6), default=2000, show_default=True)
@click.option("--orders", type=click.IntRange(1, 10**7), default=10_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Which year: each its own.")
@click.option(
    "--database",
    "url",
    envvar="DATABASE_URL",
    help="Where to keep it (or DATABASE_URL); else in a file that is gone afterwards.",
)
def command(customers: int, orders: int, seed: int, url: str | None) -> None:
    """Live a year of a shop from a seed, then verify its books and tell their digest."""
    scale = Scale(customers=customers, orders=orders, seed=seed, begins_at=BEGINS_AT)
    year = Year(scale)
    with database_at(url) as database:
        with database.reading() as session:
            if find_shop(session, year.domain) is not None:
                raise Complaint(f"{year.domain} is there already: take another --seed.")
        began, burnt = monotonic(), process_time()
        with bar() as progress:
            task = progress.add_task("Living a year, day by day", total=None)
            year.live(database, lambda day, days: progress.update(task, completed=day, total=days))
        seconds, burnt = monotonic() - began, process_time() - burnt
        with database.reading() as session:
            shop = shop_by_domain(session, year.domain)
            proof, fingerprint = verify(session, shop), digest(session, shop)
    table = Table("What happened")
    table.add_column("How often", justify="right")
    for what, count in sorted(year.counts.items()):
        table.add_row(what, f"{count:,}")
    console.print(table)
    console.print(table_of({year.domain: proof}))
    note(f"digest {fingerprint}")
    for difference in proof.differences[:20]:
        note(difference)
    if proof.differences:
        raise Complaint(f"The books are wrong in {len(proof.differences)} places.")
    took = f"{seconds:.0f} s ({burnt:.0f} s of processor time)"
    done(f"A year of {orders:,} orders in {took}; verify found 0 differences.")
