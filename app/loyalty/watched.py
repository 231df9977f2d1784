"""Long work on many rows, in lists of bearable length, while somebody may watch how far it is."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

CHUNK = 500
One = TypeVar("One")

Progress = Callable[[int, int], None]
"""Is told how many rows are done, and of how many."""


def unwatched(_done: int, _of: int) -> None:
    """Nobody watches."""


class Watched:
    """How far long work is."""

    def __init__(self, progress: Progress, of: int) -> None:
        self._progress = progress
        self._of = of
        self._done = 0

    def chunks(self, rows: Iterator[One]) -> Iterator[list[One]]:
        """The rows in lists; when the next one is asked for, the last one is done."""
        for chunk in chunks(rows):
            yield chunk
            self._done += len(chunk)
            self._progress(self._done, self._of)


def chunks(rows: Iterator[One]) -> Iterator[list[One]]:
    """The rows in lists of bearable length."""
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
