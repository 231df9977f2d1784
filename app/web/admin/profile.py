"""One member: what they have, every transfer explained, their codes, and a change by hand."""

from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.domain.errors import NotEnoughPoints
from app.loyalty.adjust import adjust
from app.models.audit_entry import AuditKind
from app.models.member import Member
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import number, signed
from app.web.admin.member_page import member_page
from app.web.admin.noting import noted
from app.web.admin.requests import AdjustForm, ProfileAsked, asked, sentences


@bp.get("/members/<uuid:member_id>")
def member(member_id: UUID) -> ResponseReturnValue:
    """Show a member with all that explains their balance."""
    whole = asked(ProfileAsked, request.args)["ledger"] == "all"
    return shown_member(member_id, {}, {}, whole=whole)


@bp.post("/members/<uuid:member_id>/adjustments")
def adjust_points(member_id: UUID) -> ResponseReturnValue:
    """Give or take points by hand; the same form sent twice counts once."""
    typed = request.form.to_dict()
    try:
        form = AdjustForm().load(typed)
        with parts.database().transaction() as session:
            shop = this_shop(session)
            before = known_member(session, shop, member_id).available
            is_new = adjust(
                session,
                shop,
                member_id,
                form["points"],
                note=form["note"],
                key=str(form["key"]),
                at=parts.now(),
            )
            if is_new:
                after = known_member(session, shop, member_id).available
                facts = {"points": form["points"], "key": str(form["key"])}
                facts |= {"before": before, "after": after}
                noted(session, shop, AuditKind.ADJUSTED, member_id=member_id, **facts)
    except ValidationError as error:
        return shown_member(member_id, typed, sentences(error)), 422
    except NotEnoughPoints as error:
        there = number(int(error.facts["available"]))
        message = _("Only %(number)s can be taken; the member has no more.", number=there)
        return shown_member(member_id, typed, {"points": message}), 422
    flash(_("Adjusted by %(points)s.", points=signed(form["points"])), "success")
    return redirect(url_for("admin.member", member_id=member_id), 303)


def shown_member(
    member_id: UUID, typed: dict[str, str], errors: dict[str, str], *, whole: bool = False
) -> str:
    """The page of a member, with what was typed into one of its forms and what is wrong with it."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        member = known_member(session, shop, member_id)
        page = member_page(session, shop, member, at=parts.now(), whole=whole)
        return render_template(
            "admin/member.html",
            page=page,
            typed={"key": str(uuid4())} | typed,
            errors=errors,
        )


def known_member(session: Session, shop: Shop, member_id: UUID) -> Member:
    """A member of this shop, and of no other one."""
    return session.get(Member, (shop.id, member_id)) or abort(404)
