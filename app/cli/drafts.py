"""Programs that a command is given: a file, standard input, or the number of a revision."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from app.cli.db import current_database
from app.cli.say import Complaint
from app.cli.shops import one_shop
from app.config import read_settings
from app.domain.calendar import zone_named
from app.domain.program import Program
from app.models.base import Document
from app.models.program import Programs, latest_number
from app.models.program_document import program_from
from app.models.program_text import read_document

DRAFT = click.argument("draft", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))


def document_in(draft: Path) -> Document:
    """The document in a file, or on standard input for `-`; lines that begin with // are left."""
    try:
        text = sys.stdin.buffer.read() if str(draft) == "-" else draft.read_bytes()
    except OSError as error:
        raise Complaint(f"{draft} cannot be read: {error.strerror}.") from error
    return read_document(text)


def program_in(draft: Path) -> Program:
    """The program in a file, or on standard input for `-`."""
    return program_from(document_in(draft))


def program_named(named: str, shop: str | None) -> Program:
    """The program of a shop's revision, for a number; else the one in a file."""
    if not named.isdecimal():
        return program_in(Path(named))
    number = int(named)
    with current_database(read_settings()) as database, database.reading() as session:
        found = one_shop(session, shop)
        newest = latest_number(session, found.id)
        if not 1 <= number <= newest:
            raise Complaint(f"{found.domain} has revisions 1 to {newest}, not {number}.")
        return Programs(session, found.id).revision(number)


def moment(written: str, timezone: str) -> datetime:
    """A moment as people write it; a day begins, and a time without a zone is, by the shop's."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise Complaint(f"{written!r} is no date like 2027-01-01 or 2027-01-01T08:00.") from error
    return found if found.tzinfo is not None else found.replace(tzinfo=zone_named(timezone))


def written(document: Document) -> str:
    """A document as it is kept in a file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
