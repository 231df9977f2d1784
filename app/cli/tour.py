"""`stamkunde tour`: play the whole loop against the demo that runs, or one made for the tour."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click

from app.cli.addresses import Demo, answers, remembered
from app.cli.locked import is_locked
from app.cli.say import Complaint, note
from app.cli.supervise import Bell, Child
from app.config import read_settings

READY_SECONDS = 90.0
LOOK_SECONDS = 0.2


@click.command("tour")
def command() -> None:
    """Play the loop over HTTP, and exit with 1 when a balance is not what it should be."""
    instance = read_settings().instance
    running = running_demo(instance)
    if running is not None:
        note(f"Touring the demo at {running.shop_url}.")
        code = tour(running)
    else:
        note("No demo is running, so one is started for the tour, and thrown away after it.")
        with demo_for_the_tour() as made:
            code = tour(made)
    if code:
        raise SystemExit(code)


def running_demo(instance: Path) -> Demo | None:
    """The demo that runs in an instance folder; None when there is none."""
    found = remembered(instance)
    if found is None or not is_locked(instance / "demo.lock"):
        return None
    return found if answers(f"{found.app_url}/healthz") else None


def tour(demo: Demo) -> int:
    """Play the loop against a demo; its exit code says how it went."""
    playing = [sys.executable, "-m", "demoshop.tour", demo.shop_url]
    return subprocess.run(playing, check=False).returncode  # noqa: S603 (our own program)


@contextmanager
def demo_for_the_tour() -> Iterator[Demo]:
    """A demo in a folder of its own, on ports of its own, gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="stamkunde-tour-") as folder, Bell() as bell:
        instance = Path(folder)
        child = Child(
            "demo",
            (sys.executable, "-m", "app.cli", "demo", "--any-port"),
            os.environ | {"STAMKUNDE_INSTANCE": folder},
            instance / "demo.log",
        )
        try:
            child.start()
            yield ready_demo(child, bell, instance)
        finally:
            child.stop()


def ready_demo(child: Child, bell: Bell, instance: Path) -> Demo:
    """Where the demo is, as soon as it says so."""
    deadline = monotonic() + READY_SECONDS
    while (found := remembered(instance)) is None:
        if child.exit_code is not None or bell.stopping or monotonic() > deadline:
            raise Complaint(f"The demo for the tour did not start:\n{child.last_words()}")
        bell.wait(LOOK_SECONDS)
    return found
