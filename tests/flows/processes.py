"""The real programs, started as a newcomer starts them, and a look at what is left of them."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from tests.seeds import is_long
from tests.source import ROOT

COMMAND = str(Path(sys.executable).with_name("stamkunde"))
# A long run is made beside other work, and an answer that comes late is no fault.
PATIENCE_SECONDS = 900 if is_long() else 60


def until(look, seconds=PATIENCE_SECONDS):
    """What `look` sees as soon as it sees something; an assertion fails when it never does."""
    deadline = monotonic() + seconds
    while not (seen := look()):
        assert monotonic() < deadline, f"Nothing came of {look} within {seconds} seconds."
        Event().wait(0.05)
    return seen


def stamkunde(*arguments, instance, database_url="", **settings):
    """Run a command to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=surroundings(instance, database_url) | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
    )


def surroundings(instance, database_url=""):
    """The environment of a fresh installation, whatever this one's is."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("STAMKUNDE_")}
    return ours | {"STAMKUNDE_INSTANCE": str(instance), "DATABASE_URL": database_url}


class RunningDemo:
    """A demo in the foreground of a terminal of its own."""

    def __init__(self, instance, database_url="", arguments=()):
        self.instance = Path(instance)
        self.instance.mkdir(exist_ok=True)
        self.output = self.instance / "demo.out"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [COMMAND, "demo", "--any-port", *arguments],
                env=surroundings(instance, database_url),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ready(self):
        """Where it is, as soon as it says so."""
        until(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        return json.loads((self.instance / "demo.json").read_text())

    def said(self):
        """Everything it has printed."""
        return self.output.read_text()

    def family(self):
        """The processes it has started, and those that these have."""
        return descendants(self.process.pid)

    def interrupt(self):
        """Press Ctrl-C and wait for the end; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@contextmanager
def running_demo(instance, database_url=""):
    """A demo that is ready; stopped at the latest when the block ends."""
    demo = RunningDemo(instance, database_url)
    try:
        demo.ready()
        yield demo
    finally:
        demo.process.terminate()
        demo.process.wait(30)


def processes():
    """Every living process of the machine: its id, its parent's, and its state."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    # A zombie has ended; that its parent has not looked yet is no life.
    return {int(pid): int(parent) for pid, parent, stat in rows if not stat.startswith("Z")}


def descendants(pid):
    """The processes below one."""
    parents = processes()
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def alive(pids):
    """Those of some processes that still live."""
    return processes().keys() & pids
