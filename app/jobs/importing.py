"""Take an import one step further: read its file, compare it, run it, or undo it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from app.domain.errors import ImportClosed, Refusal, UnreadableImport
from app.jobs.reading import pieces, read_table
from app.jobs.steps import LEASE, hold, ours
from app.jobs.tools import Clock, Tools
from app.jobs.undisturbed import undisturbed
from app.loyalty.import_people import (
    People,
    bring_people,
    compare_people,
    withdraw_people,
    wrong_body,
)
from app.loyalty.import_shop import NOT_BARE, import_shop, is_bare, manifest_of
from app.models.import_line import count_people, outcomes_of, people_after
from app.models.import_run import ImportRun, Stage
from app.models.queue import State, end
from app.models.shop import Shop
from app.models.stored_file import drop_file

AT_ONCE = 200
"""People in one step."""

Verb = Callable[..., None]
_NEXT = {
    Stage.READING: Stage.COMPARING,
    Stage.COMPARING: Stage.CHECKED,
    Stage.RUNNING: Stage.DONE,
    Stage.UNDOING: Stage.UNDONE,
}
_VERBS: dict[Stage, Verb] = {
    Stage.COMPARING: compare_people,
    Stage.RUNNING: bring_people,
    Stage.UNDOING: withdraw_people,
}


def import_step(tools: Tools, run: ImportRun, clock: Clock) -> None:
    """Do the next step. Raises Overtaken; what is wrong with a file ends its import in the open."""
    stage = Stage(run.stage)
    try:
        if run.is_archive:
            (_look_into if stage is Stage.READING else _move_in)(tools, run, clock)
        elif stage is Stage.READING:
            read_table(tools, run, clock)
            with tools.database.transaction() as session:
                _go_on(session, ours(session, run), now=clock())
        else:
            _next_people(tools, run, _VERBS[stage], clock)
    except (UnreadableImport, ImportClosed) as refusal:
        _fail(tools, run, refusal, now=clock())


def _next_people(tools: Tools, run: ImportRun, verb: Verb, clock: Clock) -> None:
    now = clock()
    with undisturbed(), tools.database.transaction() as session:
        row = hold(session, run, now=now)
        people: People = people_after(session, row, row.place, AT_ONCE)
        if people:
            verb(session, session.get_one(Shop, row.shop_id), row, people, at=now)
            row.place = people[-1][0].person or ""
            row.done += len(people)
            row.failures = 0
            row.state, row.run_at = State.WAITING, now
        else:
            _go_on(session, row, now=now)


def _go_on(session: Session, row: ImportRun, *, now: datetime) -> None:
    """Let an import enter the stage after its own; what was waited for is counted."""
    row.stage = _NEXT[Stage(row.stage)]
    row.place, row.done, row.failures = "", 0, 0
    if row.stage == Stage.COMPARING:
        row.total = count_people(session, row)
        row.state, row.run_at = State.WAITING, now
        return
    session.flush()
    found = outcomes_of(session, row)
    counts = {name: count for name, (count, _points) in found.items() if name}
    points = sum(points for _count, points in found.values())
    before = {"imported": row.counts} if row.stage == Stage.UNDONE else {}
    row.counts = {**counts, **before, "points": points}
    end(row, State.DONE, now=now)


def _look_into(tools: Tools, run: ImportRun, clock: Clock) -> None:
    """See what an archive is, and whether it can be taken in here."""
    with _whole_file(tools, run) as file:
        told = manifest_of(file)
    with tools.database.transaction() as session:
        row = ours(session, run)
        shop = session.get_one(Shop, row.shop_id)
        if not is_bare(session, shop.id):
            raise ImportClosed(NOT_BARE)
        row.counts = {"shop": told.domain, "same_key": told.hash_mark == tools.hash_mark(shop)}
        row.stage = Stage.CHECKED
        end(row, State.DONE, now=clock())


def _move_in(tools: Tools, run: ImportRun, clock: Clock) -> None:
    """Take a whole shop in: all of it in one transaction, or nothing."""
    with tools.database.transaction() as session:
        # It is one step, however long: others wait for it twelve times as long as for any other.
        hold(session, run, now=clock() + 11 * LEASE)
    with _whole_file(tools, run) as file, tools.database.transaction() as session:
        ours(session, run)
        shop = session.get_one(Shop, run.shop_id)
        taken = import_shop(session, shop, file, hash_mark=tools.hash_mark(shop), at=clock())
        row = ours(session, run)
        row.counts = {**row.counts, "rows": taken.rows, "digest": taken.digest}
        drop_file(session, row.shop_id, row.file_id)
        row.stage, row.file_id = Stage.DONE, None
        end(row, State.DONE, now=clock())


@contextmanager
def _whole_file(tools: Tools, run: ImportRun) -> Iterator[IO[bytes]]:
    """An import's file, in one of this machine that has no name and is gone with the process."""
    with tempfile.TemporaryFile() as file:
        for piece in pieces(tools, run):
            file.write(piece)
        file.seek(0)
        yield file


def _fail(tools: Tools, run: ImportRun, refusal: Refusal, *, now: datetime) -> None:
    with tools.database.transaction() as session:
        row = ours(session, run)
        row.stage = Stage.FAILED
        row.counts = {**row.counts, "failure": wrong_body(str(refusal.args[0]))}
        drop_file(session, row.shop_id, row.file_id)
        row.file_id = None
        end(row, State.DONE, now=now, error=refusal.message)
