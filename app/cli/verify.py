"""`stamkunde verify`: prove that every balance is what the ledger says."""

import click
from rich.table import Table

from app.cli.db import current_database
from app.cli.say import Complaint, console, note
from app.cli.shops import named_shops
from app.config import read_settings
from app.domain.ledger import Account
from app.loyalty.verify import Verification, verify

MOST_SHOWN = 20


@click.command("verify")
@click.option("--shop", help="Only the shop of this domain.")
def command(shop: str | None) -> None:
    """Recompute every balance from the ledger, and exit with 1 when one differs."""
    with current_database(read_settings()) as database, database.reading() as session:
        proofs = {found.domain: verify(session, found) for found in named_shops(session, shop)}
    if not proofs:
        note("No shop has installed Stamkunde yet, so there is nothing to verify.")
        return
    console.print(table_of(proofs))
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


def table_of(proofs: dict[str, Verification]) -> Table:
    """A row for each shop: what each account holds, and how many differences there are."""
    table = Table("Shop")
    for title in ("Members", "Transfers", *(account.value for account in Account), "Differences"):
        table.add_column(title.capitalize(), justify="right")
    for domain, proof in proofs.items():
        told = [proof.members, proof.transfers, *(proof.accounts[one] for one in Account)]
        differences = len(proof.differences)
        shown = f"[red]{differences}[/red]" if differences else "[green]0[/green]"
        table.add_row(domain, *map(str, told), shown)
    return table
