"""`stamkunde backup`: everything that is recorded, as it is at one moment, in one file."""

import gzip
from pathlib import Path
from time import monotonic

import click
import orjson

from app.cli.db import current_database, newest_revision
from app.cli.say import done
from app.cli.whole_file import whole_file
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
    began, count = monotonic(), 0
    with (
        whole_file(file) as raw,
        current_database(settings) as database,
        database.reading() as session,
    ):
        digests = {shop.domain: digest(session, shop) for shop in shops(session)}
        head = {"stamkunde": FORMAT, "revision": newest_revision(settings), "digests": digests}
        with gzip.open(raw, "wb", compresslevel=3) as packed:
            packed.write(orjson.dumps(head) + b"\n")
            for line in lines_of(session):
                packed.write(line + b"\n")
                count += 1
    seconds = monotonic() - began
    done(f"{len(digests)} shops in {count:,} lines are in {file} ({seconds:.0f} s).")
