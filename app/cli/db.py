"""`stamkunde db`: bring the database up to date, and the check that it is."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from alembic import command as alembic
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.cli.say import Complaint, done
from app.config import Settings, read_settings
from app.db import Database


@click.group("db")
def command() -> None:
    """Look after the database."""


@command.command("upgrade")
def upgrade_command() -> None:
    """Make or change the tables so that they fit this version."""
    settings = read_settings()
    done(f"The database is up to date ({upgrade(settings)}).")


def upgrade(settings: Settings) -> str:
    """Run the migrations that are missing; returns the revision that the database has now."""
    config = Config()
    config.set_main_option("script_location", str(migrations(settings)))
    with reached_database(settings) as database, database.migrating() as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, "head")
    return newest_revision(settings)


@contextmanager
def reached_database(settings: Settings) -> Iterator[Database]:
    """The database, whatever is in it; what goes wrong with it becomes one sentence."""
    try:
        database = Database(settings.database_url)
    except (ArgumentError, ImportError, ValueError):
        # Not with its cause, which may repeat a piece of the address and the password in it.
        said = "DATABASE_URL must begin with sqlite:/// or postgresql://, and be an address."
        raise Complaint(said) from None
    try:
        yield database
    except DBAPIError as error:
        reason = (str(error.orig).strip().splitlines() or ["it gave no reason"])[0]
        raise Complaint(
            f"The database refuses: {reason} (DATABASE_URL says where it is)."
        ) from error
    finally:
        database.close()


@contextmanager
def current_database(settings: Settings) -> Iterator[Database]:
    """The database, refused while it does not fit this version."""
    with reached_database(settings) as database:
        with database.reading() as session:
            found = MigrationContext.configure(session.connection()).get_current_revision()
        if found != (needed := newest_revision(settings)):
            raise Complaint(
                f"The database is at revision {found or 'none'}, this version needs"
                f" {needed}: run `stamkunde db upgrade`."
            )
        yield database


@contextmanager
def database_at(url: str | None) -> Iterator[Database]:
    """The database of a URL, or one that is gone afterwards; with all tables in it."""
    with tempfile.TemporaryDirectory(prefix="stamkunde-") as folder:
        settings = read_settings()
        settings = replace(settings, database_url=url or f"sqlite:///{folder}/stamkunde.db")
        upgrade(settings)
        with current_database(settings) as database:
            yield database


def newest_revision(settings: Settings) -> str:
    """The revision that this version needs."""
    return ScriptDirectory(str(migrations(settings))).get_current_head() or "none"


def migrations(settings: Settings) -> Path:
    """Where the migrations lie."""
    if not (settings.migrations / "env.py").exists():
        raise Complaint(
            f"There are no migrations in {settings.migrations}:"
            " set STAMKUNDE_MIGRATIONS to their folder."
        )
    return settings.migrations
