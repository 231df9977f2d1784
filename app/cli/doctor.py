"""`stamkunde doctor`: whether the parts that an operator puts around us keep what they must."""

from collections.abc import Iterator

import click
from sqlalchemy import text

from app.cli.db import current_database
from app.cli.outside import faults_of
from app.cli.say import Complaint, done, note
from app.config import Settings, read_settings
from app.db import Database

_POWERS = text(
    "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
    " WHERE rolname = current_user"
)
_OWNED = text(
    "SELECT count(*) FROM pg_tables WHERE tablename = 'transfer' AND tableowner = current_user"
)


@click.command("doctor")
def command() -> None:
    """Look at TLS in front of us, and at the database's account and line; 1 when one is wrong."""
    settings = read_settings()
    faults = [*faults_of(settings.public_url), *database_faults(settings)]
    for fault in faults:
        note(f"✘ {fault}")
    if faults:
        raise Complaint(f"{len(faults)} of what protects this installation is not as it should be.")
    done("TLS in front of us and the database's account are as they should be.")


def database_faults(settings: Settings) -> Iterator[str]:
    """A sentence for each thing about the database that is not as it should be."""
    with current_database(settings) as database:
        if database.url.get_backend_name() == "postgresql":
            yield from _account_faults(database)
        elif settings.is_production and (path := settings.instance).stat().st_mode & 0o007:
            yield f"Everybody on this machine may look into {path}: take that away (chmod o=)."


def _account_faults(database: Database) -> Iterator[str]:
    """What the account may do beside reading and writing rows."""
    with database.reading() as session:
        powers, owned = session.execute(_POWERS).one(), session.scalar(_OWNED)
    if any(powers):
        yield "The database's account may make accounts or databases, or everything: give it less."
    if owned:
        yield "The database's account owns the tables, and could switch off what guards the ledger."
