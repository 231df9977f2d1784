"""`stamkunde privacy`: what people asked about their data, and the export of one request."""

from pathlib import Path
from uuid import UUID

import click
import orjson
from rich.table import Table
from sqlalchemy.orm import Session

from app.cli.db import current_database
from app.cli.say import console, done, note
from app.cli.shops import named_shops, shop_option
from app.config import read_settings
from app.loyalty.export_person import export_person
from app.loyalty.privacy import open_request
from app.models.delivery import unknown_deliveries
from app.models.privacy_request import PrivacyKind, PrivacyRequest, requests_page
from app.models.shop import shop_by_domain
from app.vault import Vault

MOST_SHOWN = 100


@click.group("privacy", invoke_without_command=True)
@shop_option
@click.pass_context
def command(context: click.Context, shop: str | None) -> None:
    """Show who asked what about their data, when it is due, and what came of it."""
    if context.invoked_subcommand is not None:
        return
    with current_database(read_settings()) as database, database.reading() as session:
        table = Table("Asked", "Due", "Done", "Shop", "What", "What came of it", "Request")
        table.columns[-1].no_wrap = True
        for one in named_shops(session, shop):
            for request in requests_page(session, one.id, limit=MOST_SHOWN):
                table.add_row(*_told(one.domain, request))
        if shop is None:
            _tell_unknown(session, table)
    if not table.row_count:
        note("Nobody has asked.")
        return
    console.print(table)


@command.command("export")
@click.argument("domain")
@click.argument("request_id", type=click.UUID)
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export(domain: str, request_id: UUID, path: Path) -> None:
    """Write everything we hold on the person of an open request into a file, as JSON."""
    settings = read_settings()
    vault = Vault(settings.seal_keys, settings.hash_key)
    with current_database(settings) as database, database.reading() as session:
        shop = shop_by_domain(session, domain)
        request = open_request(session, shop, request_id)
        held = export_person(
            session,
            shop,
            customer_id=request.customer_id,
            email_hash=request.email_hash,
            open_body=vault.open,
        )
    path.touch(mode=0o600)
    path.chmod(0o600)  # One that was there already has kept its mode.
    path.write_bytes(orjson.dumps(held, option=orjson.OPT_INDENT_2))
    done(f"{sum(map(len, held.values()))} rows are in {path}.")


def _told(domain: str, request: PrivacyRequest) -> tuple[str, ...]:
    day = "%Y-%m-%d"
    return (
        f"{request.asked_at:{day}}",
        f"{request.due_at:{day}}",
        f"{request.done_at:{day}}" if request.done_at else "",
        domain,
        request.kind,
        request.outcome,
        str(request.id),
    )


def _tell_unknown(session: Session, table: Table) -> None:
    """Requests for shops that we do not know: of those we hold nothing, and have never held any."""
    kinds = [kind.value for kind in PrivacyKind]
    for one in unknown_deliveries(session, kinds, limit=MOST_SHOWN):
        day = f"{one.received_at:%Y-%m-%d}"
        table.add_row(day, "", day, one.shop_domain, one.topic, "nothing_held", "")
