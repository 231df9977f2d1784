"""`stamkunde web`: serve the app."""

import click

from app.cli.db import current_database, upgrade
from app.cli.say import note
from app.cli.serving import Server
from app.config import read_settings

GRACE_SECONDS = 30


@click.command("web")
@click.option("--host", envvar="STAMKUNDE_HOST", help="127.0.0.1; in production 0.0.0.0.")
@click.option(
    "--port", envvar=["STAMKUNDE_PORT", "PORT"], type=int, default=8000, show_default=True
)
@click.option("--processes", envvar="WEB_CONCURRENCY", type=click.IntRange(1, 64),
              help="1 on SQLite, which has one writer; else 2.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True,
              help="How many requests one process answers at a time.")  # fmt: skip
@click.option("--grace", type=click.IntRange(1, 600), default=GRACE_SECONDS, show_default=True,
              help="Seconds to finish what is begun when told to stop.")  # fmt: skip
@click.option("--with-worker", is_flag=True, help="Let a worker run in the same process.")
@click.option("--upgrade", "upgrades", is_flag=True, help="Bring the database up to date first.")
def command(
    *,
    host: str | None,
    port: int,
    processes: int | None,
    threads: int,
    grace: int,
    with_worker: bool,
    upgrades: bool,
) -> None:
    """Serve webhooks, storefronts and the admin until told to stop."""
    settings = read_settings()
    if upgrades:
        upgrade(settings)
    with current_database(settings) as database:
        is_sqlite = database.url.get_backend_name() == "sqlite"
    address = f"{host or ('0.0.0.0' if settings.is_production else '127.0.0.1')}:{port}"  # noqa: S104
    options = {
        "bind": address,
        "workers": processes or (1 if is_sqlite else 2),
        "threads": threads,
        "graceful_timeout": grace,
    }
    note(f"Stamkunde listens on {address}.")
    Server(settings, options, with_worker=with_worker).run()
