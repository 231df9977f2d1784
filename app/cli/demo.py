"""`stamkunde demo`: the app, its worker and a demo shop in one foreground run.

The worker lives in the app's process, as in the smallest real installation. The supervisor imports
little, so that the two others can begin at once: a second start should take no time.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import click
from rich.panel import Panel
from rich.text import Text

from app.cli.addresses import (
    APP_PORT,
    SHOP_PORT,
    Demo,
    World,
    answers,
    free_port,
    ports_of,
    remember,
    remembered,
    world_of,
)
from app.cli.locked import Taken, locked
from app.cli.say import Complaint, console, done, note
from app.cli.supervise import Bell, Child
from app.config import NotConfigured, Settings, read_settings

READY_SECONDS = 60.0
FIRST_LOOK_SECONDS = 0.05
LONGEST_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Cast:
    """The programs, in the order in which they are started and stopped."""

    shop: Child
    app: Child

    def __iter__(self) -> Iterator[Child]:
        return iter((self.shop, self.app))


@click.command("demo")
@click.option("--reset", is_flag=True, help="Start afresh: forget shops, orders and points.")
@click.option("--any-port", is_flag=True, help="Take any free ports, not 8000 and 5001.")
def command(reset: bool, any_port: bool) -> None:
    """Run the app, its worker and a demo shop until Ctrl-C."""
    if os.environ.get("STAMKUNDE_ENV") == "production":
        raise NotConfigured("The demo is not for production: unset STAMKUNDE_ENV.")
    settings = read_settings()
    began = monotonic()
    try:
        with locked(settings.instance / "demo.lock"), Bell() as bell:
            if reset:
                forget(settings)
            run(settings, bell, any_port=any_port, began=began)
    except Taken as taken:
        running = remembered(settings.instance)
        where = f" at {running.shop_url}" if running else ""
        raise Complaint(f"The demo is running already{where}; stop it there first.") from taken


def run(settings: Settings, bell: Bell, *, any_port: bool, began: float) -> None:
    """Start everything, show where it is, and stay until told to stop or a program ends."""
    world = world_of(settings)
    demo = places(settings, world, any_port=any_port)
    cast = cast_of(settings, demo, world)
    with stopped_at_the_end(cast):
        note("Starting the demo shop and the app …")
        for child in cast:
            child.start()
        wait_until(bell, cast, f"{demo.shop_url}/demo/api/state?light=0", "The demo shop is open.")
        wait_until(
            bell,
            cast,
            f"{demo.app_url}/readyz",
            "The app, its worker and its database are ready.",
        )
        if not bell.stopping:
            remember(settings.instance, demo)
            console.print(welcome(demo, seconds=monotonic() - began))
        while not bell.stopping:
            bell.wait()
            complain_of_the_dead(cast)
        note("Stopping …")


def places(settings: Settings, world: World, *, any_port: bool) -> Demo:
    """Where the app and the shop will listen: where they did last time, if that is free."""
    before = remembered(settings.instance)
    if before is not None:
        wanted = ports_of(before)
    else:
        wanted = (0, 0) if any_port else (APP_PORT, SHOP_PORT)
    app_port = free_port(wanted[0])
    shop_port = free_port(wanted[1], beside=app_port)
    for name, port, asked in (("app", app_port, wanted[0]), ("shop", shop_port, wanted[1])):
        if asked and port != asked:
            note(f"Port {asked} is taken, so the {name} listens on {port}.")
    if before is not None and app_port != wanted[0]:
        note("The app has moved: install it again from the shop's back office.")
    return Demo(
        app_url=f"http://127.0.0.1:{app_port}",
        shop_url=f"http://127.0.0.1:{shop_port}",
        domain=world.domain,
        pid=os.getpid(),
    )


def cast_of(settings: Settings, demo: Demo, world: World) -> Cast:
    """The programs with all that they must be told."""
    logs = settings.instance / "logs"
    app_port, shop_port = ports_of(demo)
    common = os.environ | {"PYTHONUNBUFFERED": "1"}
    ours = common | {
        "STAMKUNDE_INSTANCE": str(settings.instance),
        "STAMKUNDE_URL": demo.app_url,
        "STAMKUNDE_SHOPIFY_ORIGIN": demo.shop_url,
        "STAMKUNDE_SHOPIFY_SCRIPT_TAGS": "1",
        "STAMKUNDE_SHOPIFY_CLIENT_ID": settings.shopify_client_id,
        "STAMKUNDE_SHOPIFY_CLIENT_SECRET": settings.shopify_client_secret,
    }
    theirs = {name: value for name, value in common.items() if not name.startswith("STAMKUNDE_")}
    theirs |= {
        "DEMOSHOP_PORT": str(shop_port),
        "DEMOSHOP_DATA": str(world.data),
        "DEMOSHOP_DOMAIN": world.domain,
        "DEMOSHOP_APP_URL": demo.app_url,
        "DEMOSHOP_CLIENT_ID": settings.shopify_client_id,
        "DEMOSHOP_CLIENT_SECRET": settings.shopify_client_secret,
    }
    python = (sys.executable, "-m")
    web = ("app.cli", "web", "--upgrade", "--with-worker", "--port", str(app_port))
    return Cast(
        shop=Child("demo shop", (*python, "demoshop"), theirs, logs / "demoshop.log"),
        app=Child("app", (*python, *web, "--grace", "3"), ours, logs / "app.log"),
    )


def wait_until(bell: Bell, cast: Cast, url: str, sentence: str) -> None:
    """Wait for a page, looking often at first, and say a sentence when it is there."""
    deadline = monotonic() + READY_SECONDS
    pause = FIRST_LOOK_SECONDS
    while not bell.stopping:
        complain_of_the_dead(cast)
        if answers(url):
            done(sentence)
            return
        if monotonic() > deadline:
            raise Complaint(f"{url} does not answer after {READY_SECONDS:.0f} seconds.")
        bell.wait(pause)
        pause = min(pause * 1.5, LONGEST_LOOK_SECONDS)


def complain_of_the_dead(cast: Cast) -> None:
    """Fail with the last words of a program that has ended by itself."""
    for child in cast:
        if child.exit_code is not None:
            raise Complaint(
                f"The {child.name} has ended with {child.exit_code}; the end of {child.log}:\n"
                f"{child.last_words() or '(it said nothing)'}"
            )


@contextmanager
def stopped_at_the_end(cast: Cast) -> Iterator[None]:
    """Stop the programs one after the other, whatever happens before."""
    try:
        yield
    finally:
        for child in cast:
            child.stop()


def forget(settings: Settings) -> None:
    """Remove what a demo has recorded. Secrets and addresses stay, and so does a server's database.

    A server's database may hold more than a demo, so nothing in it is touched: the demo shop opens
    under a domain that it has not seen.
    """
    kept = settings.instance
    for pattern in ("stamkunde.db*", "demoshop*.sqlite3*", "demoshop-*.domain"):
        for path in kept.glob(pattern):
            path.unlink()
    done("Everything the demo had recorded is forgotten.")


def welcome(demo: Demo, *, seconds: float) -> Panel:
    """Where everything is, and what to click first."""
    told = Text()
    for name, url in (
        ("Demo shop", f"{demo.shop_url}/"),
        ("Its back office", f"{demo.shop_url}/admin/"),
        ("Stamkunde's admin", f"{demo.shop_url}/admin/apps/stamkunde"),
    ):
        told.append(f"{name:<19}", style="bold")
        told.append(f"{url}\n", style="cyan")
    told.append(
        "\nFirst open the back office, Apps, and install Stamkunde; press “Go live” in its admin."
        "\nThen log in to the shop as Astrid, buy a cup, and look at the lower right corner."
        f"\n\nStarted in {seconds:.1f} s. Ctrl-C stops everything."
    )
    return Panel(told, title="Stamkunde", border_style="green", expand=False, padding=(1, 2))
