"""What the long runs have counted, kept line by line so that a run can go on where one ended.

Nothing is kept in an ordinary run: only where `STAMKUNDE_FIGURES` names a file. Each line says
which test counted it, on which day and of which version of the code. A run whose file holds a
test's line already leaves that test out, so that hours of seeds may be lived in many sittings.
"""

import json
import os
import subprocess
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from tests.source import ROOT

VARIABLE = "STAMKUNDE_FIGURES"
OF_A_LINE = ("row", "part", "on", "test", "version")
# Tests travel in time; this was noted before.
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"
LEFT_OUT = pytest.StashKey()


def keep(row, part, **counted):
    """Keep what one test has counted for a row of the matrix; `part` is what it counted in."""
    path = os.environ.get(VARIABLE)
    if path:
        # Pytest says which test is running, and in which of its stages.
        test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
        about = {"row": row, "part": part, "test": test, "version": _version()}
        line = about | {"on": TODAY} | counted
        # One write of one short line: tests in several processes may add to the same file.
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, sort_keys=True) + "\n")


@cache
def _version():
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def lines(paths):
    """What was kept in files; of a test that counted twice for a row, the last."""
    found = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            counted = json.loads(line)
            found[(counted["row"], counted["part"], counted["test"])] = counted
    return list(found.values())


def kept(paths):
    """The sums of what was kept in files, by row and part: {row: {part: {name: sum}}}."""
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for line in lines(paths):
        sums = found[line["row"]][line["part"]]
        sums["on"] = max(sums["on"] or "", line["on"])
        for name in line.keys() - set(OF_A_LINE):
            sums[name] += line[name]
    return found


def pytest_collection_modifyitems(config, items):
    """Leave out what the file of this run holds already."""
    path = Path(os.environ.get(VARIABLE, ""))
    counted = {line["test"] for line in lines([path])} if path.is_file() else set()
    config.stash[LEFT_OUT] = [item for item in items if item.nodeid in counted]
    if config.stash[LEFT_OUT]:
        items[:] = [item for item in items if item.nodeid not in counted]
        config.hook.pytest_deselected(items=config.stash[LEFT_OUT])


def pytest_sessionfinish(session, exitstatus):
    """When there was nothing left to count, all is well."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.stash[LEFT_OUT]:
        session.exitstatus = pytest.ExitCode.OK
