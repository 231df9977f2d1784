"""Imports: a file is brought, its columns are named, what it would change is shown, and then done.

Nothing of it needs a script. Reading, comparing and running happen in a worker; the page of an
import shows how far that is.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.domain.errors import UnreadableImport
from app.domain.imports.columns import mapping_mistakes
from app.domain.imports.lines import Reading
from app.loyalty.steer_import import (
    PAST,
    discard,
    guess_columns,
    map_again,
    open_import,
    read_as,
    run_it,
    undo_it,
)
from app.models.audit_entry import AuditKind
from app.models.import_line import has_brought
from app.models.import_run import Stage, has_file, import_of, is_past, newest_imports
from app.models.program import latest_number
from app.models.queue import OPEN
from app.web import parts
from app.web.admin.asking import author, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import file_size
from app.web.admin.import_form import MappingForm, head_of, mapping_page, reading_in
from app.web.admin.import_rows import failure_of, import_row, shown_lines, tiles_of
from app.web.admin.noting import noted
from app.web.admin.requests import asked
from app.web.errors import answer
from app.web.sentences import said

NEWEST = 20


@bp.get("/imports")
def imports() -> ResponseReturnValue:
    """Show the newest imports, and where to bring a file."""
    return _overview()


@bp.post("/imports")
def bring_import() -> ResponseReturnValue:
    """Keep a file, and go on to say what is in it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _overview(_("Choose a file first.")), 422
    try:
        with parts.database().transaction() as session:
            run = open_import(
                session,
                this_shop(session),
                sent.stream,
                name=sent.filename,
                seal=parts.vault().seal,
                by=author(),
                at=parts.now(),
            )
    except UnreadableImport as refusal:
        return _overview(said(refusal.args[0])), 422
    return redirect(url_for("admin.one_import", import_id=run.id), 303)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say how large a file may be, at the place where it was chosen."""
    if request.endpoint != "admin.bring_import":
        return answer(413, "too_large", _("That is more than we take in one request."))
    most = file_size(parts.settings().most_import_bytes)
    return _overview(_("The file is too large: at most %(size)s can be brought.", size=most)), 413


def _overview(wrong: str = "") -> str:
    with parts.database().reading() as session:
        shop = this_shop(session)
        if not latest_number(session, shop.id):
            return render_template("admin/connecting.html")
        rows = [import_row(run) for run in newest_imports(session, shop.id, limit=NEWEST)]
    return render_template(
        "admin/imports.html",
        rows=rows,
        errors={"file": wrong} if wrong else {},
        most=file_size(parts.settings().most_import_bytes),
    )


@bp.get("/imports/<uuid:import_id>")
def one_import(import_id: UUID) -> ResponseReturnValue:
    """Show where an import stands, and what can be done next."""
    with parts.database().reading() as session:
        run = import_of(session, this_shop(session).id, import_id)
        lines = shown_lines(session, run)
        has_given = run.stage == Stage.FAILED and has_brought(session, run)
        is_kept = has_file(session, run)
    if run.stage == Stage.MAPPING:
        return mapping_page(run, Reading.of(run.reading), run.label, {})
    return render_template(
        "admin/import.html",
        run=run,
        row=import_row(run),
        tiles=tiles_of(run),
        failure=failure_of(run),
        lines=lines,
        working=run.state in OPEN,
        has_given=has_given,
        is_kept=is_kept,
        past=said(PAST) if is_past(run, at=parts.now()) else "",
    )


@bp.post("/imports/<uuid:import_id>/columns")
def name_columns(import_id: UUID) -> ResponseReturnValue:
    """Take what the merchant says of the columns: show them again, or go on to compare."""
    form = asked(MappingForm, request.form)
    with parts.database().reading() as session:
        run = import_of(session, this_shop(session).id, import_id)
    if run.stage != Stage.MAPPING:
        return _back_to(import_id)
    reading = reading_in(form, request.form)
    if form["step"] == "look" or not reading.fields:
        return mapping_page(run, _looked_at(run.id, reading), form["label"], {})
    wrong: dict[str, Any] = mapping_mistakes(reading.fields)
    if not form["label"]:
        wrong["label"] = _("Write a name.")
    if wrong:
        return mapping_page(run, reading, form["label"], wrong), 422
    with parts.database().transaction() as session:
        shop_id, at = this_shop(session).id, parts.now()
        read_as(session, shop_id, import_id, reading, form["label"], at=at)
    return _back_to(import_id)


def _looked_at(import_id: UUID, reading: Reading) -> Reading:
    """The columns as they are with these letters and this separator."""
    with parts.database().reading() as session:
        run = import_of(session, this_shop(session).id, import_id)
        head = head_of(session, run)
    try:
        return guess_columns(head, reading) if head is not None else reading
    except UnreadableImport as refusal:
        flash(said(refusal.args[0]), "danger")
        return Reading.of(run.reading)


@bp.post("/imports/<uuid:import_id>/again")
def name_columns_again(import_id: UUID) -> ResponseReturnValue:
    """Go back to the columns."""
    with parts.database().transaction() as session:
        map_again(session, this_shop(session).id, import_id)
    return _back_to(import_id)


@bp.post("/imports/<uuid:import_id>/run")
def run_import(import_id: UUID) -> ResponseReturnValue:
    """Take in what was shown."""
    return _begin(run_it, import_id, AuditKind.IMPORTED)


@bp.post("/imports/<uuid:import_id>/undo")
def undo_import(import_id: UUID) -> ResponseReturnValue:
    """Take back what an import brought."""
    return _begin(undo_it, import_id, AuditKind.WITHDRAWN)


@bp.post("/imports/<uuid:import_id>/discard")
def discard_import(import_id: UUID) -> ResponseReturnValue:
    """Forget an import that has changed nothing."""
    with parts.database().transaction() as session:
        discard(session, this_shop(session).id, import_id)
    flash(_("The import and its file are forgotten. Nothing was changed."), "success")
    return redirect(url_for("admin.imports"), 303)


def _begin(verb: Callable[..., bool], import_id: UUID, kind: AuditKind) -> ResponseReturnValue:
    """Have a worker do something with an import, and note who wanted it."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        if verb(session, shop.id, import_id, at=parts.now()):
            noted(session, shop, kind, subject=import_of(session, shop.id, import_id).name)
    return _back_to(import_id)


def _back_to(import_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("admin.one_import", import_id=import_id), 303)
