"""Group commit: what arrives at once in one process is made durable by one commit.

A commit costs a flush of the disk, whether it holds one delivery or twenty; and SQLite has one
writer, whose turn the others would poll for. So requests wait for their turn here: whoever has it
writes for all who wait, and each of them answers only when that commit has succeeded.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy.exc import OperationalError

Item = TypeVar("Item")
Write = Callable[[Sequence[Item]], None]

MOST = 100
"""How many share a commit: a transaction of any length would keep others waiting."""


class _Waiting(Generic[Item]):
    """One request's part, and what became of it."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.written = False
        self.error: OperationalError | None = None


class Together(Generic[Item]):
    """Writes what several threads bring in as few transactions as they leave time for."""

    def __init__(self, write: Write[Item]) -> None:
        self._write = write
        self._turn = Lock()
        self._queue: list[_Waiting[Item]] = []

    def add(self, item: Item) -> None:
        """Return when the item is durable; raise what its own writing raised."""
        mine = _Waiting(item)
        self._queue.append(mine)
        with self._turn:
            if not mine.written and mine.error is None:
                self._write_with(mine)
        if mine.error is not None:
            raise mine.error

    def _write_with(self, mine: _Waiting[Item]) -> None:
        """Write one part together with those that wait behind it; alone, when they fail at that.

        One that was in a batch that failed is no longer in the queue: it is written by itself, so
        that a part which cannot be written fails nobody else's.
        """
        batch = [mine]
        if mine in self._queue:
            self._queue.remove(mine)
            batch += self._queue[: MOST - 1]
            del self._queue[: len(batch) - 1]
        try:
            self._write([one.item for one in batch])
        except OperationalError as error:
            # The database is in trouble: it would be for each of them, one after the other.
            for one in batch:
                one.error = error
        except Exception:  # Whatever is wrong with one part, the others are not to hear of it.
            if len(batch) == 1:
                raise
            self._write([mine.item])
            mine.written = True
        else:
            for one in batch:
                one.written = True
