"""`stamkunde keys`: make a new key for what is sealed at rest, and change over to it."""

import click
from cryptography.fernet import Fernet

from app.cli.db import current_database
from app.cli.say import Complaint, done, note
from app.cli.what_if import bar
from app.config import read_settings
from app.jobs.reseal import reseal, sealed_rows
from app.vault import Vault


@click.group("keys")
def command() -> None:
    """Look after the keys that seal tokens, webhooks and files at rest."""


@command.command("new")
def new_key() -> None:
    """Print a new key, to be put in front of those in STAMKUNDE_SEAL_KEYS."""
    click.echo(Fernet.generate_key().decode())


@command.command("rotate")
def rotate() -> None:
    """Seal everything anew with the first key of STAMKUNDE_SEAL_KEYS.

    Nobody has to stop: the old keys open what is not done yet. Take them away afterwards.
    """
    settings = read_settings()
    vault = Vault(settings.seal_keys, settings.hash_key)
    with current_database(settings) as database:
        with database.reading() as session:
            total = sealed_rows(session)
        with bar() as progress:
            task = progress.add_task("Sealing anew", total=total)
            result = reseal(database, vault, lambda seen: progress.update(task, completed=seen))
    if result.lost:
        note(f"{result.anew:,} seals were made anew.")
        raise Complaint(
            f"{result.lost:,} seals can be opened by none of the keys in STAMKUNDE_SEAL_KEYS:"
            " put the key that made them behind the others, and run this again."
        )
    done(f"{result.anew:,} seals were made anew; the first key opens everything.")
    if len(settings.seal_keys) > 1:
        note("The other keys in STAMKUNDE_SEAL_KEYS can be taken away now.")
