"""Which seeds a run lives through, and the one command that lives one of them again.

The ordinary suite takes the first few, always the same, so that red means that code has changed.
`STAMKUNDE_SEEDS=1-100` takes these, and `STAMKUNDE_SEEDS=7` only that one.
"""

import os

VARIABLE = "STAMKUNDE_SEEDS"


def seeds(short):
    """The seeds of this run: those that were asked for, or the first so many."""
    asked = os.environ.get(VARIABLE, "")
    first, _, last = asked.partition("-")
    return range(int(first), int(last or first) + 1) if asked else range(1, short + 1)


def again(test, seed):
    """The command that lives a seed again, to be told by what fails."""
    return f"{VARIABLE}={seed} .venv/bin/pytest {test}"


def is_long():
    """Whether somebody has asked for certain seeds, and so has the time."""
    return VARIABLE in os.environ
