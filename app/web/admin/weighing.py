"""A draft before it is published: what it changes, and what the shop's orders would have given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.domain.changes import changes, sentence
from app.domain.errors import InvalidProgram, StaleProgram
from app.domain.program import Program
from app.loyalty.publish import check_currency
from app.loyalty.rehearsed import rehearsed_from
from app.models.kept_report import KeptReport, ask_for_report, draft_period
from app.models.program_document import program_document, program_from
from app.models.queue import OPEN
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import Current, current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import language
from app.web.admin.kept import look_at
from app.web.admin.planned import MOST_CHANGES
from app.web.admin.publishing import day_chosen, days_to_come, put_in_force
from app.web.admin.requests import sentences
from app.web.admin.weighed import weighed
from app.web.sentences import said


def weigh(
    session: Session,
    shop: Shop,
    program: Program,
    *,
    based_on: int,
    view: str,
    typed: Mapping[str, Any],
) -> ResponseReturnValue:
    """Keep a draft, have a worker find out what it changes, and go there.

    `view` is where it was written, "form" or "text". Raises InvalidProgram for one in other money.
    """
    check_currency(shop, program)
    asked = {
        "program": program_document(program),
        "based_on": based_on,
        "view": view,
        "when": str(typed.get("when") or ""),
        "from_day": str(typed.get("from_day") or ""),
    }
    kept = ask_for_report(session, shop.id, draft_period(asked), asked=asked, at=parts.now())
    return redirect(url_for("admin.draft", draft_id=kept.id), 303)


def kept_draft(session: Session, shop: Shop, draft_id: UUID) -> KeptReport:
    """A draft that was kept, with what it asks for. One that was forgotten is not found."""
    kept = session.get(KeptReport, (shop.id, draft_id))
    if kept is None or kept.asked is None:
        abort(404)
    return kept


@bp.get("/program/drafts/<uuid:draft_id>")
def draft(draft_id: UUID) -> ResponseReturnValue:
    """Show what a draft changes, and what came of rehearsing it, or how far that is."""
    return _page(draft_id)


@bp.post("/program/drafts/<uuid:draft_id>")
def publish_draft(draft_id: UUID) -> ResponseReturnValue:
    """Publish a draft that was looked at; twice is once."""
    errors: dict[str, str] = {}
    try:
        with parts.database().transaction() as session:
            shop = this_shop(session)
            asked = kept_draft(session, shop, draft_id).asked or {}
            begins = day_chosen(request.form, shop)
            program, seen = program_from(asked["program"]), asked["based_on"]
            put_in_force(session, shop, program, based_on=seen, begins=begins)
        return redirect(url_for("admin.program"), 303)
    except ValidationError as error:
        errors, wrong, status = sentences(error), "", 422
    except InvalidProgram as error:
        wrong, status = " ".join(map(said, error.mistakes)), 422
    except StaleProgram:
        wrong, status = _("Somebody has published since, so this is not published yet."), 409
    return _page(draft_id, typed=request.form, errors=errors, wrong=wrong), status


def _in_force(session: Session, shop: Shop) -> Current:
    now = current(session, shop)
    assert now is not None, "There is a draft of something."
    return now


def _page(
    draft_id: UUID,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] = MappingProxyType({}),
    wrong: str = "",
) -> str:
    with parts.database().reading() as session:
        shop = this_shop(session)
        kept = kept_draft(session, shop, draft_id)
        asked, period, now = kept.asked or {}, kept.period, _in_force(session, shop)
        to_come = days_to_come(shop)
    program, at = program_from(asked["program"]), parts.now()
    kept, locale = look_at(shop.id, period, at=at), language().language
    told = weighed(rehearsed_from(kept.document), now.program, program) if kept.document else None
    return render_template(
        "admin/program_draft.html",
        draft_id=draft_id,
        view=asked["view"],
        it=typed or asked,
        errors=errors,
        wrong=wrong,
        number=now.number,
        is_stale=asked["based_on"] != now.number,
        to_come=to_come,
        differences=[sentence(one, program, locale) for one in changes(now.program, program)],
        most=MOST_CHANGES,
        kept=kept,
        is_awaited=kept.state in OPEN,
        told=told,
    )
