"""`stamkunde verify`: prove that every balance is what the ledger says."""

import click
from rich.table import Table
from sqlalchemy.orm import Session

from app.cli.db import current_database
from app.cli.say import Complaint, console, note
from app.cli.shops import named_shops
from app.cli.what_if import bar
from app.config import read_settings
from app.loyalty.digest import digest
from app.loyalty.verify import Verification, verify
from app.models.shop import Shop

MOST_SHOWN = 20


@click.command("verify")
@click.option("--shop", help="Only the shop of this domain.")
def command(shop: str | None) -> None:
    """Recompute every balance from the ledger, and exit with 1 when one differs."""
    with current_database(read_settings()) as database, database.reading() as session:
        chosen = named_shops(session, shop)
        proofs = {found.domain: _verified(session, found) for found in chosen}
        digests = {found.domain: digest(session, found) for found in chosen}
    if not proofs:
        note("No shop has installed Stamkunde yet, so there is nothing to verify.")
        return
    console.print(table_of(proofs))
    for domain, found in digests.items():
        note(f"{domain}: the ledger's digest is {found}")
    for domain, proof in proofs.items():
        for difference in proof.differences[:MOST_SHOWN]:
            note(f"{domain}: {difference}")
        if (more := len(proof.differences) - MOST_SHOWN) > 0:
            note(f"{domain}: {more} more differences.")
    wrong = sum(len(proof.differences) for proof in proofs.values())
    if wrong:
        raise Complaint(
            f"The books are wrong in {wrong} places; keep a backup before mending them."
        )


def _verified(session: Session, shop: Shop) -> Verification:
    with bar() as progress:
        task = progress.add_task(f"Verifying {shop.domain}", total=None)
        return verify(
            session, shop, lambda done, of: progress.update(task, completed=done, total=of)
        )


def table_of(proofs: dict[str, Verification]) -> Table:
    """A row for each shop: what its accounts hold, and how many differences there are."""
    table = Table()
    table.add_column("Shop", overflow="fold")
    table.add_column("Members", justify="right")
    table.add_column("Transfers", justify="right")
    table.add_column("Accounts")
    table.add_column("Differences", justify="right")
    for domain, proof in proofs.items():
        wrong = len(proof.differences)
        table.add_row(
            domain,
            f"{proof.members:,}",
            f"{proof.transfers:,}",
            accounts_of(proof),
            f"[red]{wrong:,}[/red]" if wrong else "[green]0[/green]",
        )
    return table


def accounts_of(proof: Verification) -> str:
    """What each account holds that holds anything, and their sum, which is 0 in right books."""
    lines = [f"{account.value} {points:,}" for account, points in proof.accounts.items() if points]
    return "\n".join([*lines, f"together {sum(proof.accounts.values()):,}"])
