"""Imports and their lines as the merchant reads them, and the list of differences as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.sentence import Sentence
from app.domain.sheets import BYTE_ORDER_MARK, row
from app.models.import_line import ImportLine, Outcome, told_lines
from app.models.import_run import WORKING, ImportRun, Stage, import_of
from app.web import parts
from app.web.admin.asking import author_name, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import number, points, signed
from app.web.sentences import said

SHOWN = 50
"""Differences on the page; the file has all of them."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import in words."""

    id: UUID
    name: str
    asked_at: datetime
    asked_by: str
    state: str
    look: str
    where: str
    percent: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of which there is something to tell."""

    line: int
    who: str
    what: str
    look: str
    before: str
    after: str
    detail: str


def import_row(run: ImportRun) -> ImportRow:
    """An import in words."""
    names = {
        Stage.MAPPING: (_("Name the columns"), "waiting"),
        Stage.READING: (_("Being read"), "waiting"),
        Stage.COMPARING: (_("Being compared"), "waiting"),
        Stage.CHECKED: (_("Ready to run"), "waiting"),
        Stage.RUNNING: (_("Running"), "waiting"),
        Stage.DONE: (_("Done"), "good"),
        Stage.UNDOING: (_("Being undone"), "waiting"),
        Stage.UNDONE: (_("Undone"), "quiet"),
        Stage.FAILED: (_("Failed"), "bad"),
    }
    state, look = names[Stage(run.stage)]
    is_working = run.stage in WORKING
    return ImportRow(
        id=run.id,
        name=run.name,
        asked_at=run.asked_at,
        asked_by=author_name(run.asked_by),
        state=str(state),
        look=look,
        where=url_for("admin.one_import", import_id=run.id),
        percent=min(100, 100 * run.done // run.total) if is_working and run.total else 0,
    )


def tiles_of(run: ImportRun) -> list[tuple[str, str]]:
    """What came of an import in figures, or would: name and value."""
    counts, is_done = run.counts, run.stage in (Stage.DONE, Stage.UNDOING)
    if run.is_archive or run.stage in (Stage.FAILED, Stage.MAPPING) or "points" not in counts:
        return []
    if run.stage == Stage.UNDONE:
        return [
            (_("Points taken back"), signed(counts["points"])),
            (_("Taken back in full"), number(counts.get(Outcome.UNDONE, 0))),
            (_("Spent since, and left"), number(counts.get(Outcome.LEFT, 0))),
        ]
    return [
        (_("New members"), number(counts.get(Outcome.NEW, 0))),
        (_("Balances changed") if is_done else _("Balances that change"), _changed(counts)),
        (_("Points in all"), signed(counts["points"])),
        (_("Already here, nothing changes"), number(counts.get(Outcome.SAME, 0))),
        (_("Lines left out"), number(counts.get("problem", 0))),
    ]


def _changed(counts: dict[str, Any]) -> str:
    return number(counts.get(Outcome.CHANGED, 0))


def failure_of(run: ImportRun) -> str:
    """Why an import failed, in the reader's language; empty for one that did not."""
    failure = run.counts.get("failure")
    if failure is not None:
        return _sentence(failure)
    return run.error or "" if run.stage == Stage.FAILED else ""


def _sentence(body: dict[str, Any]) -> str:
    return said(Sentence(body["pattern"]).format(**body["facts"]))


def shown_lines(session: Session, run: ImportRun) -> list[LineRow]:
    """The first differences and mistakes of an import."""
    if run.is_archive or run.stage in (Stage.MAPPING, Stage.READING):
        return []
    return [_line(line) for line in told_lines(session, run, 0, limit=SHOWN)]


def _line(line: ImportLine) -> LineRow:
    before, after = "", ""
    if line.outcome in (Outcome.CHANGED, Outcome.UNDONE, Outcome.LEFT):
        before = number(line.before) if line.outcome == Outcome.CHANGED else ""
    if line.problem is None and line.outcome != Outcome.DOUBLE:
        after = signed(line.change)
    what, look = _what(line)
    return LineRow(
        line=line.line,
        who=line.customer_id or "",
        what=what,
        look=look,
        before=before,
        after=after,
        detail=_detail(line),
    )


def _what(line: ImportLine) -> tuple[str, str]:
    if line.problem is not None:
        return str(_("Left out")), "bad"
    names = {
        Outcome.NEW: (_("New member"), "good"),
        Outcome.CHANGED: (_("Balance"), "waiting"),
        Outcome.DOUBLE: (_("Counted once"), "quiet"),
        Outcome.UNDONE: (_("Taken back"), "quiet"),
        Outcome.LEFT: (_("Partly taken back"), "waiting"),
    }
    name, look = names[Outcome(line.outcome or Outcome.DOUBLE)]
    return str(name), look


def _detail(line: ImportLine) -> str:
    if line.problem is not None:
        sentence, column = _sentence(line.body), line.body.get("column")
        if column is None:
            return sentence
        place = _("Column %(number)s", number=column)
        name = line.body.get("name")
        return f"{place} ({name}): {sentence}" if name else f"{place}: {sentence}"
    if line.outcome == Outcome.LEFT:
        left = points(line.body.get("left", 0))
        return str(_("%(points)s were spent or have expired since, and stay gone.", points=left))
    if line.outcome == Outcome.DOUBLE:
        return str(_("It says the same as a line before."))
    return ""


@bp.get("/imports/<uuid:import_id>/differences")
def import_differences(import_id: UUID) -> ResponseReturnValue:
    """All differences and mistakes of an import as a table."""
    with parts.database().reading() as session:
        run = import_of(session, this_shop(session).id, import_id)
    answer = Response(stream_with_context(_differences(run)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}.csv"'
    return answer


def _differences(run: ImportRun) -> Iterator[str]:
    names = [_("Line"), _("Customer"), _("What"), _("Before"), _("Change"), _("Why")]
    yield BYTE_ORDER_MARK + row(str(name) for name in names)
    last = 0
    while True:
        with parts.database().reading() as session:
            lines: Sequence[ImportLine] = told_lines(session, run, last)
        for line in lines:
            told = _line(line)
            change = line.change if told.after else None
            before = line.before if told.before else None
            yield row([line.line, told.who, told.what, before, change, told.detail])
        if not lines:
            return
        last = lines[-1].line
