"""What the long runs have measured, kept line by line so that docs/reliability.md can be written.

Nothing is kept in an ordinary run: only where `STAMKUNDE_FIGURES` names a file.
"""

import json
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "STAMKUNDE_FIGURES"


def keep(row, part, **counted):
    """Keep what one test has counted for a row of the matrix; `part` is what it counted in."""
    path = os.environ.get(VARIABLE)
    if path:
        line = {"row": row, "part": part, "on": f"{datetime.now(UTC):%Y-%m-%d}"} | counted
        # One write of one short line: tests in several processes may add to the same file.
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, sort_keys=True) + "\n")


def kept(paths):
    """The sums of what was kept in files, by row and part: {row: {part: {name: sum}}}."""
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        counted = json.loads(line)
        row, part, on = counted.pop("row"), counted.pop("part"), counted.pop("on")
        sums = found[row][part]
        for name, count in counted.items():
            sums[name] += count
        sums["on"] = max(sums["on"] or "", on)
    return found
