"""`stamkunde rebuild`: prove that the books follow from what was recorded, or write them anew."""

from time import monotonic

import click
from sqlalchemy.orm import Session

from app.cli.db import current_database, database_at
from app.cli.say import Complaint, done, note
from app.cli.shops import named_shops
from app.cli.what_if import bar
from app.config import read_settings
from app.db import Database
from app.loyalty.carry_over import carry_over
from app.loyalty.digest import digest
from app.loyalty.rebuild import CannotRebuild, Rebuilding, half_named
from app.loyalty.verify import verify
from app.models.fact import count_facts
from app.models.shop import Shop, find_shop


@click.command("rebuild")
@click.option("--check", is_flag=True, help="Into a database that is gone afterwards; compare.")
@click.option("--into", "url", help="Into this database, which gets the tables it lacks; and stay.")
@click.option("--shop", help="Only the shop of this domain.")
def command(check: bool, url: str | None, shop: str | None) -> None:
    """Replay the journal of what happened, and exit with 1 when the books come out different.

    The database in use is only read. What was stopped on its way --into a database goes on there.
    """
    if check == (url is not None):
        raise click.UsageError("Say --check to compare, or --into and a database to rebuild there.")
    failed = []
    with (
        current_database(read_settings()) as database,
        database.reading() as session,
        database_at(url) as other,
    ):
        chosen = named_shops(session, shop)
        for one in chosen:
            try:
                _rebuild_one(session, one, other, stays=url is not None)
            except CannotRebuild as error:
                note(f"{one.domain}: {error}")
                failed.append(one.domain)
    if not chosen:
        note("No shop has installed Stamkunde yet, so there is nothing to rebuild.")
    if failed:
        raise Complaint(f"{len(failed)} of {len(chosen)} shops are not rebuilt.")


def _rebuild_one(session: Session, shop: Shop, other: Database, *, stays: bool) -> None:
    """Rebuild one shop, lot by lot under a name that nobody asks for; at the end it gets its own.

    Whoever was killed goes on after the last lot.
    """
    began, name = monotonic(), half_named(shop.domain)
    with other.reading() as target:
        if find_shop(target, shop.domain) is not None:
            raise CannotRebuild("the other database has a shop of that name already.")
        if find_shop(target, name) is not None:
            note(f"{shop.domain}: going on where the last rebuild was stopped.")
    with bar() as progress:
        task = progress.add_task(f"Replaying {shop.domain}", total=None)
        rebuilding = Rebuilding(
            session,
            shop,
            name,
            lambda facts, of: progress.update(task, completed=facts, total=of),
        )
        is_more = True
        while is_more:
            with other.transaction() as target:
                is_more = rebuilding.lot(target)
    with other.transaction() as target:
        rebuilt = target.get_one(Shop, rebuilding.end(target))
        rebuilt.domain = shop.domain
        if stays:
            carry_over(session, shop, target, rebuilt.id)
        _compare(session, shop, target, rebuilt)
    seconds = monotonic() - began
    facts = count_facts(session, shop.id)
    done(f"{shop.domain}: {facts:,} facts replayed in {seconds:.1f} s; the books are equal.")


WAY_OUT = "go on with those in use, and begin anew only in an empty database."
"""What is left to do with books that came out different: they are not taken back."""


def _compare(session: Session, shop: Shop, target: Session, rebuilt: Shop) -> None:
    """Tell both digests. Raises CannotRebuild when they differ, or the rebuilt books are wrong."""
    before, after = digest(session, shop), digest(target, rebuilt)
    note(f"{shop.domain}: the digest of its books is  {before}")
    note(f"{shop.domain}: the digest of the replay is {after}")
    if before != after:
        raise CannotRebuild(f"the books do not follow from the journal; {WAY_OUT}")
    if differences := verify(target, rebuilt).differences:
        raise CannotRebuild(f"the rebuilt books are wrong: {differences[0]}; {WAY_OUT}")
