"""What arrives at once in one process goes to the database at once: group commit, group reads.

A commit costs a flush of the disk, whether it holds one delivery or twenty; SQLite has one writer,
whose turn the others would poll for; and a question wakes a process of PostgreSQL, whether it is
about one shopper or eight. So one request at a time writes (or asks), for all who have come while
the last one did. Each goes on only when its own part is done, and then at once: nobody who is
written waits for the next commit, and nobody reads what was asked for before they came.
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
    """One request's part, what became of it, and whether it is its turn to write."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.is_over = False
        self.error: Exception | None = None
        self._called = Lock()
        self._called.acquire()

    def call(self) -> None:
        """Let the request go on: it is written, or it writes."""
        self._called.release()

    def wait(self) -> None:
        """Wait to be called."""
        self._called.acquire()


class Together(Generic[Item]):
    """Writes what several threads bring in as few transactions as they leave time for."""

    def __init__(self, write: Write[Item]) -> None:
        self._write = write
        self._desk = Lock()
        """Held for a moment only, never while something is written."""
        self._is_writing = False
        self._queue: list[_Waiting[Item]] = []

    def add(self, item: Item) -> None:
        """Return when the item is durable; raise what its own writing raised."""
        mine = _Waiting(item)
        with self._desk:
            self._queue.append(mine)
            waits, self._is_writing = self._is_writing, True
        if waits:
            mine.wait()
        if not mine.is_over:
            self._write_those_who_wait(mine)
        if mine.error is not None:
            raise mine.error

    def _write_those_who_wait(self, mine: _Waiting[Item]) -> None:
        """Write for all who are there, then hand the turn on to the first who has come since."""
        with self._desk:
            batch = self._queue[:MOST]
            del self._queue[:MOST]
        try:
            self._write_batch(batch)
        finally:
            with self._desk:
                # Whoever was not written, since this thread was told to end, is the next one's.
                self._queue[:0] = [one for one in batch if not one.is_over and one is not mine]
                self._is_writing = bool(self._queue)
                if self._is_writing:
                    self._queue[0].call()
            for one in batch:
                if one.is_over and one is not mine:
                    one.call()

    def _write_batch(self, batch: Sequence[_Waiting[Item]]) -> None:
        """Write parts together; one by one when that fails, so that a wrong one fails no other."""
        try:
            self._write([one.item for one in batch])
        except OperationalError as error:
            # The database is in trouble: it would be for each of them, one after the other.
            for one in batch:
                one.error = error
        except Exception as error:  # Whatever is wrong with one part, only its owner hears of it.
            if len(batch) == 1:
                batch[0].error = error
            else:
                for one in batch:
                    self._write_batch([one])
        for one in batch:
            one.is_over = True
