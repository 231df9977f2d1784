"""The home page: how things stand, four figures, what needs attention, and going live."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.models.guide_wishes import keep_wish, wishes_of
from app.models.member_list import members_page
from app.models.order import newest_orders
from app.models.program import Programs
from app.web import parts
from app.web.admin.analytics import figures_of
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.first_run import LAST_ORDERS, guide
from app.web.admin.home_figures import DAYS, home_figures
from app.web.admin.member_rows import member_rows
from app.web.admin.requests import GuideForm, asked
from app.web.admin.standing import concerns, promise_sentence, standing
from app.web.admin.verdict import verdict

NEWEST = 5


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show how the program is doing."""
    now = parts.now()
    found = figures_of(DAYS)
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        programs = Programs(session, shop.id)
        stands = standing(session, shop, revision)
        orders = newest_orders(session, shop.id, LAST_ORDERS)
        page = {
            "standing": stands,
            "guide": guide(shop, revision, orders, widget_on=stands.widget_on, at=now)
            if revision and stands.state == "preview" and not wishes_of(shop).hidden
            else None,
            "number": revision.number if revision else 0,
            "concerns": concerns(session, shop, revision, at=now),
            "figures": home_figures(found.program, found.report)
            if found and found.report
            else None,
            "awaits_figures": found is not None and found.report is None,
            "promise": promise_sentence(session, shop, at=now),
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


@bp.post("/guide")
def change_guide() -> ResponseReturnValue:
    """Put the guide away for good, take it out again, or keep the program that one begins with."""
    wish = asked(GuideForm, request.form)["wish"]
    with parts.database().transaction() as session:
        keep_wish(this_shop(session), wish)
    return redirect(url_for("admin.home"), 303)
