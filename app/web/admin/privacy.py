"""Privacy requests: what came, when it is due, when it was done, and the export to hand over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.loyalty.export_person import export_person, members_of_person
from app.loyalty.privacy import hand_over, open_request
from app.models.audit_entry import AuditKind
from app.models.base import Document
from app.models.member import Member
from app.models.privacy_request import (
    PrivacyKind,
    PrivacyOutcome,
    PrivacyRequest,
    requests_page,
)
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import this_shop
from app.web.admin.blueprint import bp
from app.web.admin.member_page import member_page
from app.web.admin.noting import noted

NEWEST = 100


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in words; `is_open` when the merchant has something to hand over."""

    id: UUID
    title: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    outcome: str
    look: str
    is_open: bool


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Show the newest requests."""
    with parts.database().reading() as session:
        rows = [_row(one) for one in requests_page(session, this_shop(session).id, limit=NEWEST)]
    return render_template("admin/privacy.html", rows=rows, newest=NEWEST)


@bp.get("/privacy/<uuid:request_id>/data")
def privacy_data(request_id: UUID) -> ResponseReturnValue:
    """Everything we hold on the person, as a file."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        request = open_request(session, shop, request_id)
        asked_at = {"asked_at": request.asked_at}
        return held_as_file(session, shop, request, name=str(request_id), facts=asked_at)


@bp.get("/privacy/<uuid:request_id>/letter")
def privacy_letter(request_id: UUID) -> ResponseReturnValue:
    """The same for a person to read, on paper if they like."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        request = open_request(session, shop, request_id)
        held = _held(session, shop, request)
        members = members_of_person(session, shop, request.customer_id, request.email_hash)
        pages = [
            member_page(session, shop, member, at=parts.now(), whole=True) for member in members
        ]
    return render_template(
        "admin/privacy_letter.html",
        shop=shop,
        pages=pages,
        asked_at=request.asked_at,
        messages=len(held.get("delivery", [])),
    )


@bp.post("/privacy/<uuid:request_id>/handover")
def hand_over_export(request_id: UUID) -> ResponseReturnValue:
    """Note that the merchant has passed the export on."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        hand_over(session, shop, request_id, at=parts.now())
        noted(session, shop, AuditKind.HANDED_OVER, subject=str(request_id))
    flash(_("Noted: the data is handed over."), "success")
    return redirect(url_for("admin.privacy"), 303)


def held_as_file(
    session: Session,
    shop: Shop,
    person: PrivacyRequest | Member,
    *,
    name: str,
    facts: Document | None = None,
) -> Response:
    """Everything we hold on a person, as a file to hand over."""
    made = {"shop": shop.domain, "made_at": parts.now(), "held": _held(session, shop, person)}
    body = orjson.dumps(made | (facts or {}), option=orjson.OPT_INDENT_2)
    answer = Response(body, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer


def _held(session: Session, shop: Shop, person: PrivacyRequest | Member) -> Document:
    return export_person(
        session,
        shop,
        customer_id=person.customer_id,
        email_hash=person.email_hash,
        open_body=parts.vault().open,
    )


def _row(request: PrivacyRequest) -> RequestRow:
    titles = {
        PrivacyKind.EXPORT: _("Customer asks for their data"),
        PrivacyKind.ERASE_PERSON: _("Customer asks to be forgotten"),
        PrivacyKind.ERASE_SHOP: _("Shop asks to be forgotten"),
    }
    outcomes = {
        PrivacyOutcome.OPEN: (_("Yours to do"), "waiting"),
        PrivacyOutcome.HANDED_OVER: (_("Handed over"), "good"),
        PrivacyOutcome.NOTHING_HELD: (_("We held nothing"), "quiet"),
        PrivacyOutcome.ERASED: (_("Erased"), "good"),
        PrivacyOutcome.CAME_BACK: (_("Not erased: the shop is back"), "quiet"),
    }
    outcome, look = outcomes[PrivacyOutcome(request.outcome)]
    return RequestRow(
        id=request.id,
        title=str(titles[PrivacyKind(request.kind)]),
        asked_at=request.asked_at,
        due_at=request.due_at,
        done_at=request.done_at,
        outcome=str(outcome),
        look=look,
        is_open=request.outcome == PrivacyOutcome.OPEN and request.kind == PrivacyKind.EXPORT,
    )
