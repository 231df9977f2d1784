"""Group commit: everybody is answered after their own part is written, and for that part alone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from app.together import Together


class Page:
    """Something to write on: holds the first writer until the others wait behind it."""

    def __init__(self, refused=None):
        self.refused = refused or {}
        self.batches = []
        self.begun, self.go_on = Event(), Event()

    def write(self, items):
        self.begun.set()
        assert self.go_on.wait(10)
        for item in items:
            if error := self.refused.get(item):
                raise error("", {}, Exception())
        self.batches.append(sorted(items))


def bring(page, *items):
    """Bring the first item, and the others while it is being written; who was refused why."""
    together = Together(page.write)
    with ThreadPoolExecutor(len(items)) as pool:
        futures = [pool.submit(together.add, items[0])]
        assert page.begun.wait(10)
        futures += [pool.submit(together.add, item) for item in items[1:]]
        while len(together._queue) < len(items) - 1:
            Event().wait(0.001)
        page.go_on.set()
        errors = [future.exception(10) for future in futures]
    return {item: type(error) for item, error in zip(items, errors, strict=True) if error}


def test_those_who_wait_share_one_writing():
    page = Page()

    refused = bring(page, 1, 2, 3, 4)

    assert (refused, page.batches) == ({}, [[1], [2, 3, 4]])


def test_a_part_that_cannot_be_written_fails_nobody_elses():
    page = Page(refused={3: IntegrityError})

    refused = bring(page, 1, 2, 3, 4)

    assert refused == {3: IntegrityError}
    assert sorted(item for batch in page.batches for item in batch) == [1, 2, 4]


def test_a_database_in_trouble_is_asked_once_and_told_to_all_who_wait():
    page = Page(refused={2: OperationalError})

    refused = bring(page, 1, 2, 3)

    assert refused == {2: OperationalError, 3: OperationalError}
    assert page.batches == [[1]]


def test_a_mistake_of_ours_is_raised_where_it_was_made_and_holds_up_nobody():
    page = Page(refused={2: lambda *_: KeyError()})

    with pytest.raises(KeyError):
        Together(lambda _items: {}[1]).add(1)
    refused = bring(page, 1, 2, 3)

    assert (refused, page.batches) == ({2: KeyError}, [[1], [3]])


def test_who_is_written_does_not_wait_for_those_who_came_later():
    page = Page()
    together = Together(page.write)
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(together.add, 1)]
        assert page.begun.wait(10)
        futures.append(pool.submit(together.add, 2))
        while not together._queue:
            Event().wait(0.001)
        page.begun, page.go_on, held = Event(), Event(), page.go_on
        held.set()

        # The second is being written, and held there; the first has its answer.
        assert futures[0].result(10) is None
        assert page.begun.wait(10)
        assert not futures[1].done()
        page.go_on.set()

    assert page.batches == [[1], [2]]


def test_a_thread_that_is_told_to_end_leaves_its_turn_to_the_next():
    page = Page(refused={2: lambda *_: SystemExit()})

    refused = bring(page, 1, 2, 3, 4)

    assert refused == {2: SystemExit}
    assert sorted(item for batch in page.batches for item in batch) == [1, 3, 4]


def test_many_threads_are_all_answered_and_written_once():
    written = []
    together = Together(written.extend)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(together.add, range(2000)))

    assert sorted(written) == list(range(2000))
