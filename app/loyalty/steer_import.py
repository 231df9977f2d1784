"""Begin an import, and lead it from one stage to the next as the merchant asks.

Each asks for the stage it comes from: a page that is old, or a form that is sent twice, changes
nothing.
"""

import io
from collections.abc import Collection
from datetime import datetime
from pathlib import PurePath
from typing import IO
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import ImportClosed, UnreadableImport
from app.domain.imports.columns import rival_of
from app.domain.imports.lines import Reading, guessed_fields, header_in
from app.domain.imports.writing import (
    HEAD_BYTES,
    MOST_COLUMNS,
    NO_TABLE,
    Utf8Check,
    WrongRecord,
    beginning_in,
    encoding_of,
    records,
    separator_of,
)
from app.domain.sentence import Sentence as _
from app.models.base import ShopId, new_id
from app.models.import_line import count_people, drop_lines, has_brought
from app.models.import_run import (
    LINES_LIVE,
    UNREAD_LIVES,
    ImportRun,
    Stage,
    has_file,
    import_of,
    is_past,
    newer_imports,
)
from app.models.queue import State
from app.models.shop import Shop
from app.models.stored_file import PIECE_BYTES, Seal, drop_file, store

ZIP = b"PK\x03\x04"
WORKBOOKS = (b"[Content_Types].xml", b"application/vnd.oasis.opendocument")
"""What the beginning of a spreadsheet program's own file says, which is an archive, too."""
GONE = _("The file is no longer kept. Bring it again.")
PAST = _("After {days} days an import can no longer be run or undone.").format(days=LINES_LIVE.days)
SAMPLE = 5
"""Lines that are shown before anything is read."""


def open_import(
    session: Session,
    shop: Shop,
    stream: IO[bytes],
    *,
    name: str,
    seal: Seal,
    by: str,
    at: datetime,
) -> ImportRun:
    """Keep a file that a merchant has brought, with a first guess of how it is to be read.

    An export of ours is looked into at once. Raises UnreadableImport for what is no text.
    """
    head = stream.read(HEAD_BYTES)
    is_archive = head.startswith(ZIP)
    if is_archive and any(sign in head for sign in WORKBOOKS):
        raise UnreadableImport(NO_TABLE)
    run = ImportRun(
        shop_id=shop.id,
        id=new_id(),
        asked_at=at,
        asked_by=by,
        name=PurePath(name.replace("\0", "")).name[:200] or "?",
        stage=Stage.READING if is_archive else Stage.MAPPING,
        state=State.WAITING if is_archive else State.DONE,
        run_at=at,
        is_archive=is_archive,
    )
    if not is_archive:
        guessed = guess(head, is_utf8=_is_utf8(stream, head))
        run.reading, run.label = guessed.document, rival_of(sample_of(head, guessed)[0])
    stream.seek(0)
    kept_until = at + UNREAD_LIVES
    file = store(session, shop.id, stream, name=run.name, seal=seal, kept_until=kept_until)
    run.file_id = file.id
    session.add(run)
    session.flush()
    return run


def _is_utf8(stream: IO[bytes], head: bytes) -> bool:
    check = Utf8Check()
    check.see(head)
    while piece := stream.read(PIECE_BYTES):
        check.see(piece)
    check.see(b"", last=True)
    return check.holds


def guess(head: bytes, *, is_utf8: bool) -> Reading:
    """How a file is probably read, by its beginning. Raises UnreadableImport for no text."""
    encoding = encoding_of(head, is_utf8=is_utf8)
    separator = separator_of(beginning_in(head, encoding))
    return guess_columns(head, Reading(encoding, separator, has_header=True, fields=()))


def guess_columns(head: bytes, reading: Reading) -> Reading:
    """What the columns are about, where letters and separator are known."""
    sample = sample_of(head, reading)
    if not sample:
        raise UnreadableImport(_("The file is empty."))
    if len(sample[0]) > MOST_COLUMNS:
        raise UnreadableImport(
            _("The file has more than {most} columns.").format(most=MOST_COLUMNS)
        )
    has_header = header_in(sample[0])
    fields = guessed_fields(sample[0], sample[1] if len(sample) > 1 else ())
    known = Reading(reading.encoding, reading.separator, has_header, fields)
    return known.with_habits_of(sample[has_header:])


def sample_of(head: bytes, reading: Reading) -> list[list[str]]:
    """The first records of a file, as far as they can be read."""
    found: list[list[str]] = []
    text = io.StringIO(beginning_in(head, reading.encoding), newline="")
    for _number, cells in records(text, reading.separator):
        if not isinstance(cells, WrongRecord):
            found.append([*cells])
        if len(found) > SAMPLE:
            break
    return found


def read_as(
    session: Session,
    shop_id: ShopId,
    import_id: UUID,
    reading: Reading,
    label: str,
    *,
    at: datetime,
) -> None:
    """Have a file read, and compared with what is here."""
    run = _coming_from(session, shop_id, import_id, {Stage.MAPPING}, then={Stage.READING})
    if run is not None:
        run.reading, run.label = reading.document, label
        _ask(run, Stage.READING, at=at)


def map_again(session: Session, shop_id: ShopId, import_id: UUID) -> None:
    """Go back to saying which column is what.

    Raises ImportClosed when the file is gone: what was compared can still be run.
    """
    run = _coming_from(session, shop_id, import_id, {Stage.CHECKED}, then={Stage.MAPPING})
    if run is not None and not run.is_archive:
        if not has_file(session, run):
            raise ImportClosed(GONE)
        drop_lines(session, shop_id, [run.id])
        run.stage, run.counts = Stage.MAPPING, {}


def run_it(session: Session, shop_id: ShopId, import_id: UUID, *, at: datetime) -> bool:
    """Take in what was compared; False when that was asked for before.

    Raises ImportClosed once its lines may be gone.
    """
    then = {Stage.RUNNING, Stage.DONE}
    run = _coming_from(session, shop_id, import_id, {Stage.CHECKED}, then=then)
    if run is None:
        return False
    if is_past(run, at=at):
        raise ImportClosed(PAST)
    if not run.is_archive:
        drop_file(session, shop_id, run.file_id)
        run.file_id, run.total = None, count_people(session, run)
    _ask(run, Stage.RUNNING, at=at)
    return True


def undo_it(session: Session, shop_id: ShopId, import_id: UUID, *, at: datetime) -> bool:
    """Take back what an import brought; False when that was asked for before.

    Raises ImportClosed for a whole shop that was taken in, once its lines may be gone, and while a
    newer import of the same program stands: that one gave only what this one had not.
    """
    then = {Stage.UNDOING, Stage.UNDONE}
    run = _coming_from(session, shop_id, import_id, {Stage.DONE, Stage.FAILED}, then=then)
    if run is None:
        return False
    if run.is_archive:
        raise ImportClosed(_("A whole shop that was taken in cannot be undone."))
    if is_past(run, at=at):
        raise ImportClosed(PAST)
    newer = newer_imports(session, run)
    if any(one.stage != Stage.FAILED or has_brought(session, one) for one in newer):
        raise ImportClosed(_("A newer import has built on this one. Undo the newer one first."))
    run.total = count_people(session, run)
    _ask(run, Stage.UNDOING, at=at)
    return True


def discard(session: Session, shop_id: ShopId, import_id: UUID) -> None:
    """Forget an import that has changed nothing yet, with its file."""
    quiet = {Stage.MAPPING, Stage.CHECKED, Stage.FAILED}
    run = _coming_from(session, shop_id, import_id, quiet)
    assert run is not None, "There is no stage after being forgotten."
    if has_brought(session, run):
        raise ImportClosed(_("This import has brought something: undo it instead."))
    drop_file(session, shop_id, run.file_id)
    drop_lines(session, shop_id, [run.id])
    session.delete(run)


def _coming_from(
    session: Session,
    shop_id: ShopId,
    import_id: UUID,
    stages: Collection[Stage],
    *,
    then: Collection[Stage] = (),
) -> ImportRun | None:
    """An import in one of these stages, locked; None when it has gone on to `then` already.

    Raises UnknownImport, and ImportClosed for any other stage.
    """
    run = import_of(session, shop_id, import_id, lock=True)
    if run.stage in then:
        return None
    if run.stage not in stages:
        raise ImportClosed(_("This import has gone on meanwhile. Look at it again."))
    return run


def _ask(run: ImportRun, stage: Stage, *, at: datetime) -> None:
    run.stage, run.place, run.done, run.failures = stage, "", 0, 0
    run.state, run.run_at, run.finished_at, run.error = State.WAITING, at, None, None
