"""What is planned for a day to come: told by its differences, and canceled with one button."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.changes import changes, sentence
from app.domain.errors import StaleProgram
from app.loyalty.publish import cancel_planned
from app.models.audit_entry import AuditKind
from app.models.program import Programs
from app.web import parts
from app.web.admin.asking import Current, author, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import language
from app.web.admin.noting import noted
from app.web.admin.requests import CancelPlannedForm, asked

MOST_CHANGES = 12
"""Of a revision that changed more, a page tells the first ones, and how many others there are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A revision that will come into force, and what is different from then on."""

    number: int
    effective_at: datetime
    differences: list[str]


def plans(now: Current) -> list[Plan]:
    """What is planned, the next one first, each beside what is in force before it."""
    before = [now.number, *(number for _day, number in now.planned)]
    return [
        Plan(number, day, differences(now.programs, earlier, number))
        for earlier, (day, number) in zip(before, now.planned, strict=False)
    ]


def differences(programs: Programs, before: int, after: int) -> list[str]:
    """What is different between two revisions, a sentence for each; nothing beside no revision."""
    if not before:
        return []
    new, locale = programs.revision(after), language().language
    return [sentence(one, new, locale) for one in changes(programs.revision(before), new)]


@bp.post("/program/cancel-planned")
def cancel_plans() -> ResponseReturnValue:
    """Have the program go on as it is; what was planned stays among the revisions."""
    based_on = asked(CancelPlannedForm, request.form)["based_on"]
    told, look = _("Nothing is planned any more."), "info"
    try:
        with parts.database().transaction() as session:
            shop = this_shop(session)
            facts = {"author": author(), "based_on": based_on, "at": parts.now()}
            canceled = cancel_planned(session, shop, **facts)
            if canceled:
                noted(session, shop, AuditKind.UNPLANNED, subject=canceled)
                told, look = _("Canceled. The program goes on as it is."), "success"
    except StaleProgram:
        told = _("What is planned was changed meanwhile, so nothing is canceled. Look at it again.")
        look = "danger"
    flash(told, look)
    return redirect(url_for("admin.program"), 303)
