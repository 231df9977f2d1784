"""What the merchant does about what a member bought or was promised: by hand, again, or undone."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.errors import UnknownRedemption
from app.loyalty.cancel import cancel
from app.loyalty.fulfill import fulfill
from app.loyalty.give_again import give_again
from app.models.audit_entry import AuditKind
from app.models.redemption import Redemption, RedemptionState, redemption_by_id
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import points
from app.web.admin.noting import noted

MOST_STEPS = 10


@bp.post("/members/<uuid:member_id>/redemptions/<uuid:redemption_id>/fulfillment")
def fulfill_redemption(member_id: UUID, redemption_id: UUID) -> ResponseReturnValue:
    """Note which steps are done; with the last one the reward is given."""
    ticked = {int(step) for step in request.form.getlist("step") if step in _STEPS}
    with parts.database().transaction() as session:
        shop = this_shop(session)
        _refuse_strangers(session, shop, member_id, redemption_id)
        before = _done(redemption_by_id(session, shop.id, redemption_id))
        given = fulfill(session, shop, redemption_id, done=ticked, at=parts.now())
        after = _done(given)
        if after != before:
            facts = {"code": given.code, "before": before, "after": after}
            noted(session, shop, AuditKind.FULFILLED, member_id=member_id, **facts)
        is_done = given.state == RedemptionState.DONE
    flash(_("Given.") if is_done else _("Noted; the rest is still yours to do."), "success")
    return redirect(url_for("admin.member", member_id=member_id), 303)


@bp.post("/members/<uuid:member_id>/redemptions/<uuid:redemption_id>/cancel")
def cancel_redemption(member_id: UUID, redemption_id: UUID) -> ResponseReturnValue:
    """Undo a code that nobody has used, or refuse what was to be done by hand."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        _refuse_strangers(session, shop, member_id, redemption_id)
        was_owed = redemption_by_id(session, shop.id, redemption_id).is_owed
        undone = cancel(session, shop, redemption_id, customer_id=None, at=parts.now())
        facts = {"code": undone.code, "points": undone.cost_points}
        noted(session, shop, AuditKind.CANCELED, member_id=member_id, **facts)
        back = points(undone.cost_points)
        is_undone = undone.state == RedemptionState.CANCELED
    if was_owed:
        text = _("Let be: this reward is not owed any more.")
    elif is_undone:
        text = _("Undone; %(points)s came back.", points=back)
    else:
        text = _("The code is being ended; %(points)s come back as soon as it is.", points=back)
    flash(text, "success")
    return redirect(url_for("admin.member", member_id=member_id), 303)


@bp.post("/members/<uuid:member_id>/redemptions/<uuid:redemption_id>/again")
def give_redemption_again(member_id: UUID, redemption_id: UUID) -> ResponseReturnValue:
    """Give what a tier promised and the shop would not make, now that its cause is mended."""
    with parts.database().transaction() as session:
        shop = this_shop(session)
        _refuse_strangers(session, shop, member_id, redemption_id)
        refused = redemption_by_id(session, shop.id, redemption_id)
        was_owed = refused.is_owed
        given = give_again(session, shop, redemption_id, at=parts.now())
        if was_owed:
            facts = {"code": refused.code, "subject": given.code}
            noted(session, shop, AuditKind.GAVE_AGAIN, member_id=member_id, **facts)
    flash(_("The reward is being given again."), "success")
    return redirect(url_for("admin.member", member_id=member_id), 303)


def _done(redemption: Redemption) -> str:
    """How many steps are ticked off, of how many."""
    return f"{sum(step['done'] for step in redemption.steps)}/{len(redemption.steps)}"


_STEPS = {str(place) for place in range(MOST_STEPS)}


def _refuse_strangers(session: Session, shop: Shop, member_id: UUID, redemption_id: UUID) -> None:
    """A redemption is found only under the member who bought it."""
    if redemption_by_id(session, shop.id, redemption_id).member_id != member_id:
        raise UnknownRedemption(_("There is no such redemption."))
