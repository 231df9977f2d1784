"""`stamkunde export`: everything of one shop in one archive, as the admin writes it too."""

from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.db import current_database
from app.cli.say import done
from app.cli.shops import one_shop, shop_option
from app.cli.what_if import bar
from app.cli.whole_file import whole_file
from app.config import read_settings
from app.loyalty.export_shop import export_shop
from app.vault import Vault


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@shop_option
def command(file: Path, shop: str | None) -> None:
    """Write a shop's members, points, history, codes, program and settings into FILE.

    Inside are tables for people, and a copy that `stamkunde import` and the admin take in.
    """
    settings = read_settings()
    vault = Vault(settings.seal_keys, settings.hash_key)
    with (
        whole_file(file) as written,
        current_database(settings) as database,
        database.reading() as session,
        bar() as progress,
    ):
        found = one_shop(session, shop)
        task = progress.add_task(f"Exporting {found.domain}", total=None)
        digested = export_shop(
            session,
            found,
            written,
            hash_mark=vault.fingerprint(found.domain, ""),
            at=datetime.now(UTC),
            progress=lambda rows, of: progress.update(task, completed=rows, total=of),
        )
        domain = found.domain
    done(f"{domain} is in {file}; the digest of its ledger is {digested}.")
