"""Publishing a program: at once, or from the start of a day to come by the shop's clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import flash
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.domain.calendar import midnight
from app.domain.program import Program
from app.loyalty.publish import plan, revise
from app.models.audit_entry import AuditKind
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import Current, author, current
from app.web.admin.formats import day, since
from app.web.admin.noting import noted, noted_revision

MOST_DAYS_AHEAD = 3660
"""Whoever means a day that is further off has mistyped the year."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days from which on a program can be published for later, by the shop's clock."""

    first: date
    last: date


def days_to_come(shop: Shop) -> Days:
    """From tomorrow on: what shall count from today on is published at once."""
    today = parts.now().astimezone(shop.zone).date()
    return Days(today + timedelta(days=1), today + timedelta(days=MOST_DAYS_AHEAD))


def day_chosen(typed: Mapping[str, Any], shop: Shop) -> datetime | None:
    """When the chosen day begins; None for at once. Raises ValidationError for `from_day`."""
    written = str(typed.get("from_day") or "")
    if typed.get("when") != "day":
        if written:
            raise ValidationError({"from_day": [_("Choose “From a day”, or empty the day.")]})
        return None
    days = days_to_come(shop)
    try:
        chosen = date.fromisoformat(written)
    except ValueError:
        chosen = date.min
    if not days.first <= chosen <= days.last:
        first, last = (day(midnight(one, shop.zone)) for one in (days.first, days.last))
        told = _("Choose a day from %(first)s to %(last)s.", first=first, last=last)
        raise ValidationError({"from_day": [told]})
    return midnight(chosen, shop.zone).astimezone(UTC)


def put_in_force(
    session: Session,
    shop: Shop,
    program: Program,
    *,
    based_on: int,
    begins: datetime | None = None,
) -> None:
    """Publish a program, or plan it; note who did it, and tell what came of it.

    Raises what `revise` and `plan` do.
    """
    # What was in force is noted, so nobody else publishes over what is read from here on.
    session.refresh(shop, with_for_update=True)
    now = current(session, shop)
    assert now is not None, "A program is written over another one."
    facts: dict[str, Any] = {"author": author(), "based_on": based_on, "at": parts.now()}
    if begins is None:
        number = revise(session, shop, program, **facts)
        noted_revision(session, shop, AuditKind.PUBLISHED, before=now.number, after=number)
    else:
        before = now.programs.number_at(begins)
        number = plan(session, shop, program, effective_at=begins, **facts)
        if number != before:
            from_day = begins.astimezone(shop.zone).date().isoformat()
            body: dict[str, Any] = {"subject": from_day, "before": before, "after": number}
            noted(session, shop, AuditKind.PLANNED, **body)
    _tell(session, shop, now, number, begins)


def _tell(session: Session, shop: Shop, now: Current, number: int, begins: datetime | None) -> None:
    """Tell what was published over what was in force, and which plans it has left nothing of."""
    if number <= now.programs.newest:
        flash(_("Nothing was changed."), "success")
        return
    if begins is None:
        flash(_("Published as revision %(number)s.", number=number), "success")
    else:
        told = _("Planned for %(day)s as revision %(number)s.", day=since(begins), number=number)
        flash(told, "success")
    after = current(session, shop)
    assert after is not None, "A shop keeps its revisions."
    still = {planned for planned, _number in after.planned}
    for gone in (planned for planned, _number in now.planned if planned not in still):
        told = _(
            "What was planned for %(day)s would change nothing any more,"
            " so it is no longer planned.",
            day=since(gone),
        )
        flash(told, "info")
