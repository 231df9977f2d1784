"""The members of a shop: a list by key, and a search that never puts an e-mail into an address."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.models.member import Member, member_of
from app.models.member_list import MOST_SIFTED, Candidate, members_with_email, sifted_page
from app.models.order import find_order
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.member_filter import Wanted, choices, sieve
from app.web.admin.member_rows import member_rows
from app.web.admin.requests import MembersAsked, SearchForm, asked

PAGE = 50


@bp.get("/members")
def members() -> ResponseReturnValue:
    """List the members, the newest first; those of a tier, a stage or a segment, if asked for."""
    chosen = asked(MembersAsked, request.args)
    before: UUID | None = chosen.pop("before")
    wanted = Wanted(**chosen)
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        program = revision.program if revision else None
        keep: Callable[[Sequence[Candidate]], list[Candidate]] = list
        if program is not None and not wanted.is_everybody:
            keep = sieve(session, shop.id, wanted, program, at=parts.now())
        found, older = sifted_page(session, shop.id, keep, before=before, limit=PAGE)
        rows = member_rows(found, program)
    return render_template(
        "admin/members.html",
        rows=rows,
        before=before,
        older=older,
        wanted=wanted,
        choices=choices(program),
        sifted=MOST_SIFTED,
    )


@bp.post("/members/search")
def search_members() -> ResponseReturnValue:
    """Find a member by customer id, e-mail address or order."""
    sought: str = asked(SearchForm, request.form)["q"]
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        program = revision.program if revision else None
        rows = member_rows(_found(session, shop, sought), program)
    if len(rows) == 1:
        return redirect(url_for("admin.member", member_id=rows[0].id), 303)
    return render_template(
        "admin/members.html",
        rows=rows,
        sought=sought,
        before=None,
        older=None,
        wanted=Wanted("", "", ""),
        choices=choices(program),
        sifted=MOST_SIFTED,
    )


def _found(session: Session, shop: Shop, sought: str) -> list[Member]:
    """Who is meant: an e-mail is compared by its keyed hash, all else exactly."""
    if "@" in sought:
        return members_with_email(
            session, shop.id, parts.vault().fingerprint(g.shop_domain, sought)
        )
    found = {}
    member = member_of(session, shop.id, sought) if sought else None
    if member is not None:
        found[member.id] = member
    record = find_order(session, shop.id, sought) if sought else None
    if record is not None and record.member_id is not None:
        found[record.member_id] = session.get_one(Member, (shop.id, record.member_id))
    return list(found.values())
