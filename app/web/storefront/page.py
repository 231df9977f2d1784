"""The loyalty page, through the shop's proxy: the program explained, and the shopper's own points.

It is a page for people without scripts and for search engines, at an address that can be shared. It
is plain HTML and never a platform's template language, which would run what we write into it.
"""

from pathlib import Path

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from marshmallow import ValidationError

from app.domain.errors import ProgramNotLive, Refusal, UnknownMember, UnknownShop
from app.domain.text import LOCALES
from app.loyalty.act import enter_birthday
from app.loyalty.cancel import cancel
from app.models.glance import glance
from app.models.member import member_of
from app.models.shop import find_shop, shop_by_domain
from app.web import parts
from app.web.errors import STATUS, answer
from app.web.languages import locale_of_request
from app.web.storefront import asked, form, plain_words, views
from app.web.storefront.birthday import birthday_view
from app.web.storefront.buying import buy
from app.web.storefront.dress import look_styles
from app.web.storefront.refusals import shopper_sentence
from app.web.storefront.wishes import refuse_too_many

bp = Blueprint("loyalty_page", __name__, url_prefix="/proxy")
bp.before_request(form.refuse_strange_forms)
bp.before_request(refuse_too_many)

STYLES = Path(__file__).parents[1] / "static" / "loyalty.css"
FRESH_SECONDS = 300


@bp.get("/", strict_slashes=False)
def show_page() -> ResponseReturnValue:
    """The program, and where the shopper stands in it."""
    return _page()


@bp.get("/page.css")
def show_styles() -> ResponseReturnValue:
    """The page's look, from the shop's own address: it takes styles from nowhere else."""
    with parts.database().reading() as session:
        colors = look_styles(shop_by_domain(session, g.shop_domain))
    response = Response(colors + STYLES.read_text("utf-8"), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return response


@bp.post("/page/redemptions")
def create_redemption() -> ResponseReturnValue:
    """Spend points on a reward; sending the form twice is sending it once."""
    customer_id = asked.customer_id()
    wanted = form.RedeemForm().load(request.form)
    key = form.request_key(wanted["reward"], wanted["points"] or "")
    bought = buy(customer_id, wanted, request_key=key)
    return _page(gettext("Your code is %(code)s.", code=bought.code))


@bp.post("/page/cancellations")
def create_cancellation() -> ResponseReturnValue:
    """Give an unused code back."""
    customer_id = asked.customer_id()
    wanted = form.CancelForm().load(request.form)
    with parts.database().transaction() as session:
        cancel(
            session,
            shop_by_domain(session, g.shop_domain),
            wanted["redemption"],
            customer_id=customer_id,
            at=parts.now(),
        )
    return _page(gettext("Your points are on their way back."))


@bp.post("/page/birthday")
def create_birthday() -> ResponseReturnValue:
    """Note the shopper's birthday, or another once a year."""
    customer_id = asked.customer_id()
    wanted = form.BirthdayForm().load(request.form)
    with parts.database().transaction() as session:
        shop = shop_by_domain(session, g.shop_domain)
        member = member_of(session, shop.id, customer_id)
        if member is None:
            raise UnknownMember("Only members have a birthday here.")
        enter_birthday(session, shop, member.id, wanted["month"], wanted["day"], at=parts.now())
    return _page(gettext("Thank you. Your birthday is noted."))


@bp.errorhandler(Refusal)
def refused(refusal: Refusal) -> ResponseReturnValue:
    """Why it cannot be done, above the page as it is now; as data where there is no page."""
    status = STATUS.get(type(refusal), 400)
    if "shop_domain" not in g or isinstance(refusal, UnknownShop | ProgramNotLive):
        return answer(status, refusal.code, shopper_sentence(refusal))
    return _page(shopper_sentence(refusal), status, failed=True)


@bp.errorhandler(ValidationError)
def not_as_described(_error: ValidationError) -> ResponseReturnValue:
    """What a browser should have refused to send, such as no number where one is asked for."""
    return _page(gettext("We did not understand the request."), 422, failed=True)


_STATES = {
    "issuing": _("One moment…"),
    "ready": _("Ready to use"),
    "canceling": _("Your points are on their way back."),
    "used": _("Used"),
    "canceled": _("Given back"),
    "expired": _("Expired"),
    "failed": _("The code could not be made. You have your points back."),
}


@bp.app_template_filter("state_words")
def state_words(state: str) -> str:
    """How far a code is."""
    return str(_STATES[state])


@bp.app_template_filter("page_number")
def page_number(value: int) -> str:
    """A whole number with its thousands marked."""
    return str(format_decimal(value))


@bp.app_template_filter("page_change")
def page_change(value: int) -> str:
    """A change with its direction."""
    return ("+" if value > 0 else "\N{MINUS SIGN}") + page_number(abs(value))


def _page(news: str = "", status: int = 200, *, failed: bool = False) -> ResponseReturnValue:
    """The page, with what has just happened above it."""
    at = parts.now()
    with parts.database().reading() as session:
        seen = None
        if find_shop(session, g.shop_domain) is not None:
            seen = views.visit(session, glance(session, g.shop_domain, g.customer_id, at=at))
        if seen is None:
            return make_response(render_template("storefront/no_page.html"), 404)
        page = _explained(seen) | {"me": views.whole_view(seen), "shop": seen.shop}
    prefix = request.args.get("path_prefix", "").rstrip("/")
    # The domain by which we know the shop leads to whichever its shoppers see.
    address = parts.settings().shopify_origin.format(shop=g.shop_domain) + prefix
    page |= {"news": news, "failed": failed, "prefix": prefix, "locales": LOCALES}
    page["address"] = address
    if g.customer_id is not None:
        page["token"] = form.new_token()
    return make_response(render_template("storefront/page.html", **page), status)


def _explained(seen: views.Visit) -> views.View:
    """The program in plain words."""
    program = seen.program
    next_tier = program.tiers.above(seen.tier)
    member = views.member_view(seen)
    missing = member["next_tier"]["missing"] if member and member["next_tier"] else 0
    return {
        "program": program,
        "language": locale_of_request(),
        "birthday": birthday_view(seen),
        "tiers": plain_words.tier_rows(program),
        "about_tiers": plain_words.about_tiers(program.tiers),
        "good_to_know": plain_words.good_to_know(program),
        "missing": plain_words.threshold(program, missing) if next_tier else "",
    }
