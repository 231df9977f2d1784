"""`stamkunde backup`: everything that is recorded, as it is at one moment, in one file."""

import gzip
import os
from pathlib import Path
from time import monotonic

import click
import orjson

from app.cli.db import current_database, newest_revision
from app.cli.say import Complaint, done
from app.config import read_settings
from app.loyalty.digest import digest
from app.models.archive import lines_of
from app.models.shop import shops

FORMAT = 1


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write a copy of the database to FILE, while everybody goes on working.

    It fits SQLite and PostgreSQL alike. The keys are not in it: keep them elsewhere.
    """
    settings = read_settings()
    draft = file.with_name(f"{file.name}.part")
    began, count = monotonic(), 0
    try:
        with current_database(settings) as database, database.reading() as session:
            digests = {shop.domain: digest(session, shop) for shop in shops(session)}
            revision = newest_revision(settings)
            head = {"stamkunde": FORMAT, "revision": revision, "digests": digests}
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as raw:
                with gzip.open(raw, "wb", compresslevel=3) as packed:
                    packed.write(orjson.dumps(head) + b"\n")
                    for line in lines_of(session):
                        packed.write(line + b"\n")
                        count += 1
                raw.flush()
                os.fsync(raw.fileno())
        # In one move, so that a file of that name is always a whole one.
        draft.replace(file)
    except OSError as error:
        raise Complaint(f"{file} cannot be written: {error.strerror}.") from error
    seconds = monotonic() - began
    done(f"{len(digests)} shops in {count:,} lines are in {file} ({seconds:.0f} s).")
