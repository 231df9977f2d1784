"""`stamkunde reconcile`: compare the platform's orders with ours now, or bring in its history."""

from datetime import UTC, datetime

import click

from app.cli.db import current_database
from app.cli.say import Complaint, done, note
from app.cli.serving import tools_of
from app.cli.shops import one_shop, shop_option
from app.config import read_settings
from app.jobs.access import connection_to
from app.jobs.reconcile import walk
from app.jobs.reconcile_customers import walk_customers
from app.jobs.tools import Tools
from app.models.base import ShopId
from app.models.walk import WalkKind, begin_history, newest_walk
from app.platforms.base import PlatformError


@click.command("reconcile")
@shop_option
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Bring in what changed since that day: orders, and customers.",
)
def command(shop: str | None, since: datetime | None) -> None:
    """Settle what the platform has and we missed; what is settled already stays as it is.

    What was settled before it was broken off stays settled; it says how to go on. Orders from
    before the program was live earn nothing.
    """
    settings = read_settings()
    with current_database(settings) as database:
        with database.transaction() as session:
            chosen = one_shop(session, shop)
        told = _walk(tools_of(settings), chosen.id, since and since.replace(tzinfo=UTC))
    done(told)


def _walk(tools: Tools, shop_id: ShopId, since: datetime | None) -> str:
    checked = differences = 0
    start, is_over = since and _history_from(tools, shop_id, since), False
    kind = WalkKind.ORDERS if since is None else WalkKind.HISTORY
    try:
        while not is_over:
            now = datetime.now(UTC)
            connection = connection_to(tools, shop_id, now=now)
            walked = walk(tools, connection, shop_id, since=start, kind=kind, now=now)
            checked, differences = checked + walked.checked, differences + walked.differences
            start, is_over = walked.until, walked.is_over
            if not is_over:
                note(f"… {checked} orders checked, up to {start:%Y-%m-%d %H:%M}")
        if since is None:
            return f"{checked} orders checked, {differences} differences settled."
        now = datetime.now(UTC)
        connection = connection_to(tools, shop_id, now=now)
        walk_customers(tools, connection, shop_id, since=since, now=now)
    except PlatformError as error:
        again = f" with --since {since:%Y-%m-%d}" if since is not None else ""
        raise Complaint(f"{error} Run it again{again} to go on.") from error
    with tools.database.reading() as session:
        customers = newest_walk(session, shop_id, WalkKind.CUSTOMERS)
    looked_at = customers.checked if customers else 0
    return f"{checked} orders and {looked_at} customers checked, {differences} differences settled."


def _history_from(tools: Tools, shop_id: ShopId, since: datetime) -> datetime:
    """Where to begin: a walk that a merchant has wished is gone on with, to its own end."""
    with tools.database.transaction() as session:
        walk = begin_history(session, shop_id, since, at=datetime.now(UTC))
        return walk.reached or walk.since or since
