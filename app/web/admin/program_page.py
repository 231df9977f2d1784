"""The program as a form: a draft that loses nothing, a calculator beside it, and publishing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.domain.errors import InvalidProgram, StaleProgram
from app.models.program import revisions
from app.models.program_document import program_from
from app.models.shop import Shop
from app.web import parts
from app.web.admin import program_draft
from app.web.admin.asking import Current, current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.first_run import template_program
from app.web.admin.planned import MOST_CHANGES, plans
from app.web.admin.program_choices import choices
from app.web.admin.program_draft import Draft, would_earn
from app.web.admin.program_fields import MOST_ROWS
from app.web.admin.program_form import main_rule
from app.web.admin.publishing import day_chosen, days_to_come, put_in_force
from app.web.admin.requests import TextAsked, asked, sentences, tidied
from app.web.admin.typed import nested
from app.web.admin.verdict import rule_text
from app.web.admin.weighing import kept_draft, weigh
from app.web.sentences import said

TRIED = "500"
"""The order that the calculator begins with."""


@bp.get("/program")
def program() -> ResponseReturnValue:
    """Show the revision in force as a form, or a draft to go on with; and what is planned."""
    draft_id: UUID | None = asked(TextAsked, request.args)["draft"]
    with parts.database().reading() as session:
        shop = this_shop(session)
        now = current(session, shop)
        if now is None:
            return render_template("admin/connecting.html")
        if draft_id is None:
            return _page(session, now, program_draft.begun(now.program, now.number))
        kept = kept_draft(session, shop, draft_id).asked or {}
        draft = program_draft.begun(program_from(kept["program"]), kept["based_on"])
        draft.typed |= {name: kept[name] for name in ("when", "from_day")}
        draft.is_stale = draft.based_on != now.number
        return _page(session, now, draft)


@bp.post("/program")
def change_program() -> ResponseReturnValue:
    """Publish what was typed, or add and remove rows, or try it on an order."""
    sent = {name: tidied(value) for name, value in request.form.items()}
    typed = program_draft.shaped(nested(sent))
    wish = str(typed.pop("do", "publish"))
    rearranged = program_draft.rearrange(typed, wish)
    if wish in ("publish", "weigh"):
        return _publish(typed, wish)
    if wish.startswith("begin-"):
        return _begin(wish.removeprefix("begin-"), typed)
    with parts.database().reading() as session:
        now = current(session, this_shop(session))
        if now is None:
            return render_template("admin/connecting.html")
        draft = program_draft.read(typed, now.program)
        if rearranged:
            draft.errors = {}
        return _page(session, now, draft)


def _publish(typed: dict[str, Any], wish: str) -> ResponseReturnValue:
    """Publish or weigh a draft; one that is wrong or stale comes back with all that was typed."""
    draft = None
    try:
        with parts.database().transaction() as session:
            shop = this_shop(session)
            now = current(session, shop)
            if now is None:
                return render_template("admin/connecting.html")
            draft = program_draft.read(typed, now.program)
            begins = _begins(draft, shop)
            if draft.program is not None and not draft.errors:
                seen = draft.based_on
                if wish == "weigh":
                    facts: dict[str, Any] = {"based_on": seen, "view": "form", "typed": draft.typed}
                    return weigh(session, shop, draft.program, **facts)
                put_in_force(session, shop, draft.program, based_on=seen, begins=begins)
                return redirect(url_for("admin.program"), 303)
    except StaleProgram:
        assert draft is not None, "Only a draft that was read can be stale."
        draft.is_stale = True
    except InvalidProgram as error:
        assert draft is not None, "Only a draft that was read is published."
        draft.wrong = " ".join(map(said, error.mistakes))
    with parts.database().reading() as session:
        now = current(session, this_shop(session))
        assert now is not None, "A shop keeps its revisions."
        return _page(session, now, draft), 409 if draft.is_stale else 422


def _begins(draft: Draft, shop: Shop) -> datetime | None:
    """From when on a draft shall count; a day that it cannot be is one more mistake."""
    try:
        return day_chosen(draft.typed, shop)
    except ValidationError as error:
        draft.errors |= sentences(error)
        return None


def _begin(code: str, typed: dict[str, Any]) -> ResponseReturnValue:
    """Publish a template in place of the program; the one before stays among the revisions."""
    based_on = str(typed.get("based_on", ""))
    with parts.database().transaction() as session:
        shop = this_shop(session)
        now = current(session, shop)
        begun = template_program(code, now.program) if now else None
        if now is None or begun is None:
            abort(404)
        seen = int(based_on) if based_on.isdecimal() else 0
        put_in_force(session, shop, begun, based_on=seen)
    return redirect(url_for("admin.home"), 303)


def _page(session: Session, now: Current, draft: Draft) -> str:
    """The form with its calculator, and the revisions so far."""
    shop = this_shop(session)
    amount = str(draft.typed.get("try_amount") or TRIED)
    tier = str(draft.typed.get("try_tier") or "")
    return render_template(
        "admin/program.html",
        draft=draft,
        number=now.number,
        plans=plans(now),
        most=MOST_CHANGES,
        most_rows=MOST_ROWS,
        newest=now.programs.newest,
        days=now.days,
        to_come=days_to_come(shop),
        currency=now.program.currency,
        choices=choices(now.program),
        other_rules=[
            rule_text(rule, now.program.currency)
            for rule in now.program.earning
            if rule is not main_rule(now.program)
        ],
        try_amount=amount,
        try_tier=tier,
        earned=would_earn(draft.program, amount, tier, at=parts.now()) if draft.program else None,
        revisions=revisions(session, shop.id),
    )
