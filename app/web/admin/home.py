"""The home page: how things stand, four figures, what needs attention, and going live."""

from flask import render_template, request
from flask import session as held
from flask.typing import ResponseReturnValue

from app.models.member_list import members_page
from app.models.order import newest_orders
from app.models.program import Programs
from app.web import parts
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.figures import figures
from app.web.admin.first_run import LAST_ORDERS, guide
from app.web.admin.member_rows import member_rows
from app.web.admin.standing import concerns, standing
from app.web.admin.verdict import verdict

NEWEST = 5


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show how the program is doing."""
    now = parts.now()
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        programs = Programs(session, shop.id)
        stands = standing(session, shop, revision)
        orders = newest_orders(session, shop.id, LAST_ORDERS)
        page = {
            "standing": stands,
            "guide": guide(revision.program, orders, widget_on=stands.widget_on, at=now)
            if revision and stands.state == "preview" and not _is_guide_hidden()
            else None,
            "number": revision.number if revision else 0,
            "concerns": concerns(session, shop, revision, at=now),
            "figures": figures(session, shop, revision.program, at=now) if revision else [],
            "members": member_rows(
                members_page(session, shop.id, before=None, limit=NEWEST),
                revision.program if revision else None,
            ),
            "orders": [verdict(record, programs, shop.currency) for record in orders[:NEWEST]],
            "shop_url": parts.settings().shopify_origin.format(shop=shop.domain),
            "embed_url": parts.platform().embed_url(shop.domain),
            "shop": shop,
        }
    return render_template("admin/home.html", **page)


def _is_guide_hidden() -> bool:
    """Whether the merchant has put the guide away; it comes back with their next session."""
    wish = request.args.get("guide")
    if wish in ("on", "off"):
        held["guide"] = wish
    return bool(held.get("guide") == "off")
