"""What a merchant may do for one member: hold a tier, merge, hand their data out, forget them."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.domain.errors import UnknownTier
from app.loyalty.erase import erase
from app.loyalty.merge import merge
from app.loyalty.set_floor import set_floor
from app.models.audit_entry import AuditKind
from app.models.member import Member, member_of
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import this_shop
from app.web.admin.blueprint import bp
from app.web.admin.noting import noted
from app.web.admin.privacy import held_as_file
from app.web.admin.profile import known_member, shown_member
from app.web.admin.requests import EraseForm, FloorForm, MergeForm, sentences

LAST_DAY = date(2200, 12, 31)
"""Nobody means a later one, and the last that a computer knows has no end in some zones."""


@bp.post("/members/<uuid:member_id>/floor")
def hold_tier(member_id: UUID) -> ResponseReturnValue:
    """Set a tier below which a member does not fall, or lift it."""
    typed = request.form.to_dict()
    try:
        form = FloorForm().load(typed)
        with parts.database().transaction() as session:
            shop = this_shop(session)
            before = known_member(session, shop, member_id).floor_tier
            until = _end_of(form["until"], shop) if form["until"] else None
            facts = {"reason": form["reason"], "until": until, "at": parts.now()}
            set_floor(session, shop, member_id, form["tier"] or None, **facts)
            changed = {"before": before or "", "after": form["tier"]}
            noted(session, shop, AuditKind.FLOOR, member_id=member_id, **changed)
    except ValidationError as error:
        return _wrong(member_id, typed, error)
    except UnknownTier:
        return _wrong(member_id, typed, ValidationError({"tier": [_("Choose one of these.")]}))
    flash(_("The tier is held.") if form["tier"] else _("The tier is held no more."), "success")
    return redirect(url_for("admin.member", member_id=member_id), 303)


@bp.post("/members/<uuid:member_id>/merge")
def merge_members(member_id: UUID) -> ResponseReturnValue:
    """Give this member all that another customer has, who is gone then."""
    typed = request.form.to_dict()
    try:
        form = MergeForm().load(typed)
        with parts.database().transaction() as session:
            shop = this_shop(session)
            kept, gone = _both(session, shop, member_id, form["gone"])
            merge(session, shop, kept_id=kept, gone_id=gone, at=parts.now())
            noted(session, shop, AuditKind.MERGED, member_id=member_id)
    except ValidationError as error:
        return _wrong(member_id, typed, error)
    flash(_("Both are one now."), "success")
    return redirect(url_for("admin.member", member_id=member_id), 303)


@bp.get("/members/<uuid:member_id>/data")
def member_data(member_id: UUID) -> Response:
    """Everything we hold on a member, as a file; who took it is noted."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        member = known_member(session, shop, member_id)
        noted(session, shop, AuditKind.HANDED_OVER, member_id=member_id)
        return held_as_file(session, shop, member, name=str(member_id))


@bp.post("/members/<uuid:member_id>/erasure")
def forget_member(member_id: UUID) -> ResponseReturnValue:
    """Forget a person; the books keep their sums and nobody's name."""
    typed = request.form.to_dict()
    try:
        EraseForm().load(typed)
    except ValidationError as error:
        return _wrong(member_id, typed, error)
    with parts.database().transaction() as session:
        shop = this_shop(session)
        member = known_member(session, shop, member_id)
        if member.customer_id is None and member.email_hash is None:
            abort(404)
        facts = {"customer_id": member.customer_id, "email_hash": member.email_hash}
        erase(session, shop, **facts, at=parts.now())
        noted(session, shop, AuditKind.ERASED)
    flash(_("Forgotten. The sums of the ledger stay as they were."), "success")
    return redirect(url_for("admin.members"), 303)


def _both(session: Session, shop: Shop, member_id: UUID, gone_id: str) -> tuple[str, str]:
    """The customers who become one. Raises ValidationError for one that nobody can be merged of."""
    kept = known_member(session, shop, member_id)
    if kept.customer_id is None:
        raise ValidationError({"gone": [nobody_to_merge_with(kept)]})
    gone: Member | None = member_of(session, shop.id, gone_id)
    if gone is None:
        raise ValidationError({"gone": [_("No member of this shop has this customer id.")]})
    if gone.id == kept.id:
        raise ValidationError({"gone": [_("That is this member: write the id of the other one.")]})
    return kept.customer_id, gone_id


@bp.app_template_global()
def nobody_to_merge_with(member: Member) -> str:
    """Why nothing can be merged into a member without an account."""
    if member.merged_into is not None:
        return _("This member was merged into another one, who has all that was theirs.")
    if member.is_guest:
        return _(
            "A guest has no account to merge into. As soon as they have one with this e-mail"
            " address, their points go there by themselves."
        )
    return _("Nobody can be merged into a customer who is forgotten.")


def _end_of(day: date, shop: Shop) -> datetime:
    """The last instant of a day to come, on the shop's clock. Raises ValidationError for others."""
    if not parts.now().astimezone(shop.zone).date() < day <= LAST_DAY:
        raise ValidationError({"until": [_("Choose a day, or none.")]})
    return datetime.combine(day, time.max, shop.zone).astimezone(UTC)


def _wrong(member_id: UUID, typed: dict[str, str], error: ValidationError) -> ResponseReturnValue:
    return shown_member(member_id, typed, sentences(error)), 422
