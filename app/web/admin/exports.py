"""Exports: everything of the shop in one file, written by a worker and fetched here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.jobs.opened import opened
from app.models.audit_entry import AuditKind
from app.models.export_run import ExportRun, ask_for_export, newest_exports
from app.models.queue import OPEN, State
from app.models.stored_file import StoredFile, file_of
from app.web import parts
from app.web.admin.asking import author, author_name, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import file_size
from app.web.admin.noting import noted
from app.web.admin.queue_rows import LOOKS

NEWEST = 20


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export in words; `fetch` is where it can be fetched, if it can."""

    asked_at: datetime
    asked_by: str
    state: str
    look: str
    done: int
    total: int
    is_open: bool
    fetch: str
    detail: str
    error: str


@bp.get("/exports")
def exports() -> ResponseReturnValue:
    """Show the newest exports."""
    with parts.database().reading() as session:
        runs = newest_exports(session, this_shop(session).id, limit=NEWEST)
    rows = [_row(run) for run in runs]
    is_open = any(row.is_open for row in rows)
    return render_template("admin/exports.html", rows=rows, is_open=is_open)


@bp.post("/exports")
def make_export() -> ResponseReturnValue:
    """Have everything exported; one that is being written already is that one."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        if ask_for_export(session, shop.id, by=author(), at=parts.now()):
            noted(session, shop, AuditKind.EXPORTED)
    flash(_("Your export is being written. You can leave this page."), "success")
    return redirect(url_for("admin.exports"), 303)


@bp.get("/exports/<uuid:file_id>/file")
def export_file(file_id: UUID) -> ResponseReturnValue:
    """Hand out an export of this shop while it is kept."""
    with parts.database().reading() as session:
        shop_id = this_shop(session).id
        file = file_of(session, shop_id, file_id, at=parts.now())
        is_export = any(
            run.file_id == file_id for run in newest_exports(session, shop_id, limit=NEWEST)
        )
    return _handed_out(file) if file is not None and is_export else abort(404)


def _handed_out(file: StoredFile) -> Response:
    """A file, piece by piece."""
    pieces = opened(parts.database(), parts.vault(), file.shop_id, file.id)
    answer = Response(stream_with_context(pieces), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer.headers["Content-Length"] = str(file.size_bytes)
    return answer


def _row(run: ExportRun) -> ExportRow:
    state, at = State(run.state), parts.now()
    kept = run.kept_until is not None and at < run.kept_until and run.file_id is not None
    words = {
        State.WAITING: _("Waiting"),
        State.TRYING: _("Being written"),
        State.DONE: _("Ready") if kept else _("No longer kept"),
        State.DEAD: _("Failed"),
    }
    return ExportRow(
        asked_at=run.asked_at,
        asked_by=author_name(run.asked_by),
        state=str(words[state]),
        look=LOOKS[state] if state is not State.DONE or kept else "quiet",
        done=run.done,
        total=run.total,
        is_open=run.state in OPEN,
        fetch=url_for("admin.export_file", file_id=run.file_id) if kept else "",
        detail=file_size(run.size_bytes) if kept else "",
        error=run.error or "" if state is State.DEAD else "",
    )
