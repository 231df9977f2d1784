"""`stamkunde import`: take in a whole shop from an export, where nothing has happened yet."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.cli.db import current_database
from app.cli.say import Complaint, done, note
from app.config import read_settings
from app.jobs.hosts import platform_of
from app.loyalty.import_shop import import_shop, manifest_of
from app.models.shop import Shop, ShopState, find_shop
from app.vault import Vault


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--shop", help="The domain it is taken in for; else the one it was exported from.")
def command(file: Path, shop: str | None) -> None:
    """Take in the whole shop in FILE, which `stamkunde export` or the admin wrote, or nothing.

    Tables of other programs are brought by the merchant, whose page asks which column is what.
    """
    settings = read_settings()
    vault = Vault(settings.seal_keys, settings.hash_key)
    try:
        with (
            file.open("rb") as stream,
            current_database(settings) as database,
            database.transaction() as session,
        ):
            told = manifest_of(stream)
            domain = shop or told.domain
            opened = _opened(session, domain, platform_of(settings).name)
            mark = vault.fingerprint(domain, "")
            at = datetime.now(UTC)
            taken = import_shop(session, opened, stream, hash_mark=mark, at=at)
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror}.") from error
    if not taken.same_key:
        note(
            "E-mail addresses were hashed with another key, or for another shop: guests, who are"
            " known by them alone, will not be recognized here."
        )
    done(f"{domain} is here in {taken.rows:,} rows; the digest of its ledger is {taken.digest}.")


def _opened(session: Session, domain: str, platform: str) -> Shop:
    """The shop that it is taken in for: one that has installed us, or a new one that will."""
    found = find_shop(session, domain)
    if found is None:
        # Nobody has let us in yet: until the merchant does, nothing is asked of the platform.
        found = Shop(domain=domain, platform=platform, installed_at=datetime.now(UTC))
        found.state = ShopState.LEFT
        session.add(found)
        session.flush()
    return found
