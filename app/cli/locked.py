"""A file that one process at a time can hold, freed by the system when that process ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """Another process holds the file."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file for as long as the block lasts. Raises Taken when somebody else does."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Taken(path.name) from error
        yield


def is_locked(path: Path) -> bool:
    """Whether some process holds a file."""
    try:
        with locked(path):
            return False
    except Taken:
        return True
