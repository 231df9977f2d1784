"""`stamkunde reconcile`: compare the platform's orders with ours now, or bring in its history."""

from datetime import UTC, datetime

import click

from app.cli.db import current_database
from app.cli.say import Complaint, done, note
from app.cli.serving import tools_of
from app.cli.shops import one_shop, shop_option
from app.config import read_settings
from app.jobs.access import connection_to
from app.jobs.reconcile import Walked, reconcile, welcome
from app.jobs.tools import Tools
from app.models.base import ShopId
from app.models.shop import Shop
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

    It leaves a mark behind each hundred orders: broken off, it goes on from there, by this command
    or by a worker. Orders from before the program was live earn nothing.
    """
    settings = read_settings()
    with current_database(settings) as database:
        with database.transaction() as session:
            chosen = one_shop(session, shop)
            if since is not None:
                chosen.reconciled_until = since.replace(tzinfo=UTC)
        try:
            told = _walk(tools_of(settings), chosen.id, since)
        except PlatformError as error:
            raise Complaint(f"{error} Run it again to go on.") from error
    done(told)


def _walk(tools: Tools, shop_id: ShopId, since: datetime | None) -> str:
    checked = differences = 0
    walked = Walked(0, 0, is_over=False)
    while not walked.is_over:
        now = datetime.now(UTC)
        connection = connection_to(tools, shop_id, now=now)
        walked = reconcile(tools, connection, shop_id, now=now)
        checked, differences = checked + walked.checked, differences + walked.differences
        with tools.database.reading() as session:
            mark = session.get_one(Shop, shop_id).reconciled_until
        if not walked.is_over and mark is not None:
            note(f"… {checked} orders checked, up to {mark:%Y-%m-%d %H:%M}")
    if since is None:
        return f"{checked} orders checked, {differences} differences settled."
    now = datetime.now(UTC)
    connection = connection_to(tools, shop_id, now=now)
    customers = welcome(tools, connection, shop_id, since=since.replace(tzinfo=UTC), now=now)
    return f"{checked} orders and {customers} customers checked, {differences} differences settled."
