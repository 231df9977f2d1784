"""`stamkunde program`: look at a shop's program as text, check a draft, publish it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from app.cli.db import current_database
from app.cli.say import Complaint, done
from app.cli.shops import one_shop, shop_option
from app.config import read_settings
from app.domain.program import Program
from app.loyalty.publish import publish
from app.models.program import document_of, latest_number
from app.models.program_document import program_from

DRAFT = click.argument("draft", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))


@click.group("program")
def command() -> None:
    """Show, check and publish programs."""


@command.command()
@shop_option
@click.option("--revision", type=int, help="An earlier revision; the newest unless given.")
def show(shop: str | None, revision: int | None) -> None:
    """Print a shop's program as JSON."""
    with current_database(read_settings()) as database, database.reading() as session:
        found = one_shop(session, shop)
        newest = latest_number(session, found.id)
        number = newest if revision is None else revision
        if not 1 <= number <= newest:
            raise Complaint(f"{found.domain} has revisions 1 to {newest}, not {number}.")
        document = document_of(session, found.id, number)
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


@command.command()
@DRAFT
def check(draft: Path) -> None:
    """Say whether a draft could be published; each mistake with its place and reason."""
    program = program_in(draft)
    done(
        f"{draft} is a valid program in {program.currency}: {len(program.earning)} earning rules,"
        f" {len(program.tiers.ladder)} tiers, {len(program.rewards)} rewards."
    )


@command.command("publish")
@DRAFT
@shop_option
@click.option("--author", default="the command line", show_default=True, help="Who publishes it.")
def publish_draft(draft: Path, shop: str | None, author: str) -> None:
    """Publish a draft as the shop's next revision; an equal one changes nothing."""
    program = program_in(draft)
    with current_database(read_settings()) as database, database.transaction() as session:
        found = one_shop(session, shop)
        before = latest_number(session, found.id)
        number = publish(session, found, program, author=author[:100], at=datetime.now(UTC))
        domain = found.domain
    if number == before:
        done(f"{domain} has this program already, as revision {number}.")
    else:
        done(f"{domain} has revision {number} from now on.")


def program_in(draft: Path) -> Program:
    """The program in a file, or on standard input for `-`."""
    try:
        text = sys.stdin.buffer.read() if str(draft) == "-" else draft.read_bytes()
    except OSError as error:
        raise Complaint(f"{draft} cannot be read: {error.strerror}.") from error
    try:
        document: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Complaint(f"{draft} is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise Complaint(f"{draft} must hold a JSON object: the program.")
    return program_from(document)
