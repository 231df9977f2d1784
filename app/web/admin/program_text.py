"""The program as text: every setting in one document, to read, to keep, to edit and to publish."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.domain.errors import InvalidProgram, StaleProgram
from app.domain.program import Program
from app.models.program import ProgramRevision, document_of
from app.models.program_document import program_from
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import Current, current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.planned import MOST_CHANGES, differences, plans
from app.web.admin.publishing import day_chosen, days_to_come, put_in_force
from app.web.admin.requests import TextAsked, TextForm, asked, sentences
from app.web.admin.weighing import kept_draft, weigh
from app.web.sentences import said

MOST_REVISIONS = 2**31


@bp.get("/program/text")
def program_text() -> ResponseReturnValue:
    """Show a revision as text that can be edited: the one in force, or another to begin with."""
    begun = asked(TextAsked, request.args)
    wanted: int | None = begun["revision"]
    with parts.database().reading() as session:
        shop = this_shop(session)
        now = current(session, shop)
        if now is None:
            return render_template("admin/connecting.html")
        if begun["draft"] is not None:
            kept = kept_draft(session, shop, begun["draft"]).asked or {}
            return _page(shop, now, pretty(kept["program"]), shown=now.number, typed=kept)
        known = wanted is not None and wanted <= now.programs.newest
        number = wanted if wanted is not None and known else now.number
        return _page(shop, now, pretty(document_of(session, shop.id, number)), shown=number)


@bp.post("/program/text")
def publish_text() -> ResponseReturnValue:
    """Publish or weigh a document, or say what is wrong with it and where."""
    form = asked(TextForm, request.form)
    wrong, errors, status = [], {}, 422
    try:
        with parts.database().transaction() as session:
            shop = this_shop(session)
            now = current(session, shop)
            if now is None:
                return render_template("admin/connecting.html")
            program = _program_in(form["document"], now.program)
            begins, seen = day_chosen(request.form, shop), form["based_on"]
            if form["do"] == "weigh":
                facts: dict[str, Any] = {"based_on": seen, "view": "text", "typed": request.form}
                return weigh(session, shop, program, **facts)
            put_in_force(session, shop, program, based_on=seen, begins=begins)
        return redirect(url_for("admin.program_text"), 303)
    except InvalidProgram as error:
        wrong = [said(mistake) for mistake in error.mistakes]
    except ValidationError as error:
        errors = sentences(error)
    except StaleProgram:
        wrong, status = [stale_text()], 409
    with parts.database().reading() as session:
        shop = this_shop(session)
        now = current(session, shop)
        if now is None:
            return render_template("admin/connecting.html")
        page = _page(shop, now, form["document"], shown=now.number, wrong=wrong, errors=errors)
        return page, status


def _page(
    shop: Shop,
    now: Current,
    document: str,
    *,
    shown: int,
    wrong: Sequence[str] = (),
    errors: Mapping[str, str] = MappingProxyType({}),
    typed: Mapping[str, Any] | None = None,
) -> str:
    """The document of a revision that is shown, or what somebody has written."""
    return render_template(
        "admin/program_text.html",
        document=document,
        number=now.number,
        plans=plans(now),
        most=MOST_CHANGES,
        newest=now.programs.newest,
        days=now.days,
        wrong=wrong,
        errors=errors,
        it=typed or request.form,
        to_come=days_to_come(shop),
        shown=shown,
    )


@bp.get("/program/revisions/<int:number>")
def revision(number: int) -> ResponseReturnValue:
    """Show what a revision said."""
    with parts.database().reading() as session:
        found = _revision(session, number)
        now = current(session, this_shop(session))
        assert now is not None, "A shop keeps its revisions."
    return render_template(
        "admin/revision.html",
        revision=found,
        document=pretty(found.document),
        is_in_force=now.number == number,
        planned=now.days.get(number),
        differences=differences(now.programs, now.number, number),
        most=MOST_CHANGES,
    )


@bp.get("/program/revisions/<int:number>/document")
def revision_document(number: int) -> ResponseReturnValue:
    """Hand out a revision as a file."""
    with parts.database().reading() as session:
        document = pretty(_revision(session, number).document)
    response = Response(document, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="program-{number}.json"'
    return response


def stale_text() -> str:
    """What to say when somebody else has published meanwhile."""
    return str(
        _(
            "Somebody has published since you began. Your changes are still here:"
            " look at the newest revision, then publish again if yours should replace it."
        )
    )


def pretty(document: dict[str, Any]) -> str:
    """A document as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def _program_in(written: str, before: Program) -> Program:
    """The program in a text. Raises InvalidProgram with the place of every mistake."""
    try:
        document = json.loads(written)
        # Half a character passes for JSON, and no database keeps it.
        pretty(document).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise InvalidProgram(_("This is not JSON: %(place)s", place=half)) from error
    except json.JSONDecodeError as error:
        place = _("line %(line)s, column %(column)s", line=error.lineno, column=error.colno)
        raise InvalidProgram(_("This is not JSON: %(place)s", place=place)) from error
    except (ValueError, RecursionError) as error:
        place = _("it is nested too deeply, or has a number that is too long")
        raise InvalidProgram(_("This is not JSON: %(place)s", place=place)) from error
    if not isinstance(document, dict):
        raise InvalidProgram(_("The document must be one object in { }."))
    if "\\u0000" in written:
        raise InvalidProgram(_("The document has a character that cannot be kept: \\u0000."))
    program = program_from(document)
    if (program.live, program.paused) != (before.live, before.paused):
        raise InvalidProgram(_("live: Going live and pausing is done on the home page."))
    return program


def _revision(session: Session, number: int) -> ProgramRevision:
    found = None
    if number < MOST_REVISIONS:
        found = session.get(ProgramRevision, (this_shop(session).id, number))
    return found or abort(404)
