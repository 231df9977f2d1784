"""What a shop's other tools ask: who a member is, what is rewarded, and what somebody did."""

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.errors import UnknownMember
from app.domain.rules import ActionRule
from app.domain.sentence import Sentence as _
from app.loyalty.tell import Told, tell_adjustment, tell_deed, told_actions
from app.models.api_key import Scope
from app.models.audit_entry import AuditKind, note_change
from app.models.glance import glance
from app.models.member import Member
from app.models.program import Programs
from app.models.shop import Shop
from app.web import parts
from app.web.api.access import needs
from app.web.api.asked import MOST_KEY, Adjustment, Deed, Lookup, customer_of, sent
from app.web.bodies import expect_json, request_key
from app.web.sentences import said
from app.web.storefront.views import View, member_view, visit

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.before_request
def refuse_other_bodies() -> None:
    """Take JSON, and little of it."""
    if request.method == "POST":
        expect_json()


@bp.get("/actions")
def list_actions() -> ResponseReturnValue:
    """What the program rewards that a tool has to tell; every key may ask."""
    with parts.database().reading() as session:
        program = Programs(session, g.shop_id).look(parts.now())
    actions = told_actions(program) if program is not None and program.is_open else []
    return jsonify(actions=[_action_view(action) for action in actions])


@bp.get("/members/<customer_id>")
@needs(Scope.READ_MEMBERS)
def show_member(customer_id: str) -> ResponseReturnValue:
    """Where a customer stands."""
    with parts.database().reading() as session:
        return jsonify(_member_view(session, _shop(session), customer_id))


@bp.post("/lookups")
@needs(Scope.READ_MEMBERS)
def look_up_member() -> ResponseReturnValue:
    """The same by an e-mail address, which has no business in an address of the web."""
    asked = sent(Lookup)
    with parts.database().reading() as session:
        shop = _shop(session)
        return jsonify(_member_view(session, shop, customer_of(session, shop, asked)))


@bp.post("/deeds")
@needs(Scope.TELL_DEEDS)
def tell() -> ResponseReturnValue:
    """Reward what a customer did. The same key again is the same deed."""
    key, asked = request_key(MOST_KEY), sent(Deed)
    with parts.database().transaction() as session:
        shop = _shop(session)
        customer_id = customer_of(session, shop, asked)
        told = tell_deed(session, shop, customer_id, asked["action"], key=key, at=parts.now())
    return jsonify(_told_view(told))


@bp.post("/adjustments")
@needs(Scope.ADJUST_POINTS)
def adjust() -> ResponseReturnValue:
    """Give or take points. The same key again is the same adjustment."""
    key, asked = request_key(MOST_KEY), sent(Adjustment)
    points, note, at = asked["points"], asked["note"], parts.now()
    with parts.database().transaction() as session:
        shop = _shop(session)
        customer_id = customer_of(session, shop, asked)
        told = tell_adjustment(session, shop, customer_id, points, note=note, key=key, at=at)
        if not told.again:
            after = session.get_one(Member, (shop.id, told.member_id)).available
            facts = {"points": points, "key": key, "before": after - points, "after": after}
            facts |= {"author": g.key.author, "member_id": told.member_id, "at": at}
            note_change(session, shop.id, AuditKind.ADJUSTED, **facts)
    return jsonify(_told_view(told))


def _shop(session: Session) -> Shop:
    return session.get_one(Shop, g.shop_id)


def _member_view(session: Session, shop: Shop, customer_id: str) -> View:
    """What this customer sees of themselves. Raises UnknownMember for who sees nothing."""
    # No database can be asked about a null character.
    asked = customer_id.replace("\0", "\N{REPLACEMENT CHARACTER}")
    seen = visit(session, glance(session, shop.domain, asked, at=parts.now()))
    view = member_view(seen) if seen is not None and seen.member is not None else None
    if view is None:
        raise UnknownMember(_("There is no such member."))
    return {"customer_id": customer_id} | view


def _action_view(action: ActionRule) -> View:
    return {
        "action": action.code,
        "kind": action.kind.value,
        "points": action.points,
        "per_day": action.per_day,
        "per_lifetime": action.per_lifetime,
    }


def _told_view(told: Told) -> View:
    reason = said(told.why_none) if told.why_none else None
    return {"points": told.points, "again": told.again, "reason": reason}
