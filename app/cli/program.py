"""`stamkunde program`: a shop's program as text, from the first draft to going back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import orjson
from rich.table import Table
from sqlalchemy.orm import Session

from app.cli.db import current_database
from app.cli.drafts import DRAFT, moment, program_in, program_named, written
from app.cli.say import Complaint, console, done, note
from app.cli.shops import one_shop, shop_option
from app.cli.what_if import what_if
from app.config import read_settings
from app.domain.changes import changes, sentence
from app.domain.templates import TEMPLATES
from app.loyalty.publish import cancel_planned, publish, revise, roll_back
from app.models.audit_entry import AuditKind, note_change, note_revision
from app.models.program import Programs, document_of, latest_number, program_in_force
from app.models.program_schema import program_schema
from app.models.program_text import commented
from app.models.shop import Shop

author_option = click.option(
    "--author", default="the command line", show_default=True, help="Who publishes it."
)


@click.group("program")
def command() -> None:
    """Show, check, compare, try out and publish programs."""


command.add_command(what_if)


@command.command()
@shop_option
@click.option("--revision", type=int, help="Another revision; the one in force unless given.")
def show(shop: str | None, revision: int | None) -> None:
    """Print a shop's program as JSON."""
    with current_database(read_settings()) as database, database.reading() as session:
        found = one_shop(session, shop)
        if revision is None:
            revision = program_in_force(session, found.id, at=datetime.now(UTC))[0]
        newest = latest_number(session, found.id)
        if not 1 <= revision <= newest:
            raise Complaint(f"{found.domain} has revisions 1 to {newest}, not {revision}.")
        document = document_of(session, found.id, revision)
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


@command.command()
def schema() -> None:
    """Print the JSON Schema of a program, for an editor that checks while you type."""
    click.echo(written(program_schema()), nl=False)


@command.command()
@click.argument("code", required=False)
@click.option("--currency", default="DKK", show_default=True, help="The shop's own money.")
def templates(code: str | None, currency: str) -> None:
    """Name the programs to begin with, or print one with a comment on each setting."""
    if code is None:
        table = Table("Template", "What it is")
        for template in TEMPLATES.values():
            table.add_row(template.code, template.summary)
        console.print(table)
        note("Print one with `stamkunde program templates stamps --currency EUR`.")
        return
    if code not in TEMPLATES:
        raise Complaint(f"There is no template {code!r}; there are {', '.join(TEMPLATES)}.")
    chosen = TEMPLATES[code]
    program = chosen.make(currency.upper())
    click.echo(commented(program, f"{chosen.title}. {chosen.summary}"), nl=False)


@command.command()
@click.argument("before")
@click.argument("after")
@shop_option
def diff(before: str, after: str, shop: str | None) -> None:
    """Say in plain words what is different: two drafts, or numbers of a shop's revisions."""
    old, new = program_named(before, shop), program_named(after, shop)
    found = list(changes(old, new))
    for change in found:
        note(sentence(change, new))
    if not found:
        note("They are the same program.")


@command.command("publish")
@DRAFT
@shop_option
@author_option
@click.option(
    "--effective", help="From when on it counts: 2027-01-01, or 2027-01-01T08:00+01:00; now."
)
@click.option(
    "--based-on", type=int, help="The revision you edited; refused when another follows it."
)
def publish_draft(
    draft: Path, shop: str | None, author: str, effective: str | None, based_on: int | None
) -> None:
    """Publish a draft as the shop's next revision; an equal one changes nothing.

    What is planned stays planned, with its own changes. With a day, the draft takes the place of
    what was planned for that day or later.
    """
    program = program_in(draft)
    at = datetime.now(UTC)
    with current_database(read_settings()) as database, database.transaction() as session:
        found = one_shop(session, shop)
        effective_at = moment(effective, found.timezone) if effective else at
        if effective_at < at:
            raise Complaint("A program cannot count from a moment that has passed.")
        before, planned = _before(session, found, at=effective_at), _planned(session, found, at=at)
        verb = partial(publish, effective_at=effective_at) if effective else revise
        number = verb(session, found, program, author=author[:100], based_on=based_on, at=at)
        kind, shop_id = AuditKind.PUBLISHED, found.id
        note_revision(session, shop_id, kind, author=author, before=before, after=number, at=at)
        domain, still = found.domain, _planned(session, found, at=at)
    if number == before:
        done(f"{domain} has this program already, as revision {number}.")
    else:
        since = f"from {effective_at:%Y-%m-%d %H:%M %Z} on" if effective else "from now on"
        done(f"{domain} has revision {number} {since}.")
        _tell_planned(planned, {day: one for day, one in still.items() if one != number})


def _planned(session: Session, shop: Shop, *, at: datetime) -> dict[datetime, int]:
    """What is planned, by the instant from which on it counts, in the shop's zone."""
    days = Programs(session, shop.id).scheduled(at) if latest_number(session, shop.id) else []
    return {day.astimezone(shop.zone): number for day, number in days}


def _tell_planned(before: Mapping[datetime, int], after: Mapping[datetime, int]) -> None:
    """Say what becomes of each plan that there was: it keeps its day, or it falls away."""
    for day, number in before.items():
        planned = f"What was planned for {day:%Y-%m-%d %H:%M %Z}, revision {number},"
        if day not in after:
            note(f"{planned} falls away.")
        elif after[day] == number:
            note(f"{planned} stays.")
        else:
            note(f"{planned} keeps its day, as revision {after[day]}.")


def _before(session: Session, shop: Shop, *, at: datetime) -> int:
    """Which revision counts at an instant until now; 0 for a shop that has none yet."""
    if not latest_number(session, shop.id):
        return 0
    return program_in_force(session, shop.id, at=at)[0]


@command.command()
@click.argument("number", type=int)
@shop_option
@author_option
def rollback(number: int, shop: str | None, author: str) -> None:
    """Go back: publish what an earlier revision says as the newest one."""
    with current_database(read_settings()) as database, database.transaction() as session:
        found = one_shop(session, shop)
        at = datetime.now(UTC)
        before = _before(session, found, at=at)
        newest = roll_back(session, found, number, author=author[:100], at=at)
        kind, shop_id = AuditKind.ROLLED_BACK, found.id
        note_revision(session, shop_id, kind, author=author, before=before, after=newest, at=at)
        domain = found.domain
    done(f"{domain} is back at what revision {number} says, as revision {newest}.")


@command.command("cancel-planned")
@shop_option
@author_option
def cancel_plans(shop: str | None, author: str) -> None:
    """Have the program in force go on beyond the days for which others are planned."""
    with current_database(read_settings()) as database, database.transaction() as session:
        found, at = one_shop(session, shop), datetime.now(UTC)
        canceled = cancel_planned(session, found, author=author[:100], at=at)
        if canceled:
            kind, shop_id = AuditKind.UNPLANNED, found.id
            note_change(session, shop_id, kind, author=author, at=at, subject=canceled)
        domain = found.domain
    numbers = ", ".join(map(str, canceled))
    done(f"{domain} canceled what was planned: {numbers}." if canceled else "Nothing is planned.")
