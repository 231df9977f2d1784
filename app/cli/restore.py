"""`stamkunde restore`: fill an empty database from a backup, and prove that it is the same."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import click
import orjson
from sqlalchemy.orm import Session

from app.cli.backup import FORMAT
from app.cli.db import current_database, newest_revision
from app.cli.say import Complaint, done
from app.config import read_settings
from app.loyalty.digest import digest
from app.loyalty.verify import verify
from app.models.archive import BrokenArchive, fill, is_empty
from app.models.shop import shops


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Fill the database from FILE, which `stamkunde backup` wrote, or leave it as it is.

    The database must have its tables and no shop. Every balance is verified, and every ledger is
    compared with the backup's digest, before anything counts.
    """
    settings = read_settings()
    try:
        with gzip.open(file, "rb") as lines:
            head = _head(lines.readline(), newest_revision(settings))
            with current_database(settings) as database, database.transaction() as session:
                if not is_empty(session):
                    raise Complaint("There are shops in this database: restore into an empty one.")
                count = fill(session, lines)
                _prove(session, head["digests"])
    except (OSError, EOFError, zlib.error) as error:
        raise Complaint(f"{file} cannot be read: {error}.") from error
    except BrokenArchive as error:
        raise Complaint(f"{file} is not a whole backup: {error}") from error
    shops_told = len(head["digests"])
    done(f"{shops_told} shops in {count:,} rows are back; verify and digests agree.")


def _head(line: bytes, revision: str) -> dict[str, Any]:
    try:
        head = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BrokenArchive("It does not begin as one.") from error
    if not isinstance(head, dict) or head.get("stamkunde") != FORMAT:
        raise BrokenArchive("It does not begin as one.")
    if head["revision"] != revision:
        raise Complaint(
            f"The backup is of revision {head['revision']}, this version needs {revision}:"
            " restore with the version that wrote it, then run `stamkunde db upgrade`."
        )
    return head


def _prove(session: Session, digests: dict[str, str]) -> None:
    """Compare what came out with what went in. Raises BrokenArchive."""
    session.expire_all()
    found = {shop.domain: digest(session, shop) for shop in shops(session)}
    if found != digests:
        raise BrokenArchive("A ledger has another digest than when it was written.")
    for shop in shops(session):
        if differences := verify(session, shop).differences:
            raise BrokenArchive(f"{shop.domain}: {differences[0]}")
