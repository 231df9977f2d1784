"""Acting on the shop from a program."""

from time import monotonic

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from demoshop.host import persons
from demoshop.host.announce import hurry, redeliver
from demoshop.host.chaos import set_chaos
from demoshop.host.installation import redact_shop, uninstall
from demoshop.host.tokens import expire_access_tokens, pass_ninety_days, revoke
from demoshop.records.setting import set_setting
from demoshop.records.webhook import latest_webhooks, webhooks_of
from demoshop.selling.cancel import cancel
from demoshop.selling.fulfill import fulfill
from demoshop.selling.pay import pay
from demoshop.selling.place import Terms, place
from demoshop.selling.price import quote
from demoshop.selling.refund import refund, refund_rest
from demoshop.web.demo_api.views import order_view
from demoshop.web.demo_api.wishes import (
    basket_of,
    buyer_of,
    codes_of,
    fault_of,
    quantities_of,
    whole_number,
)
from demoshop.web.find import asked_for, order_named, persona_named
from demoshop.web.here import machine, now
from demoshop.web.links import app_link

bp = Blueprint("demo_act", __name__, url_prefix="/demo/api")


@bp.post("/orders")
def create_order() -> ResponseReturnValue:
    """Buy something; codes that are refused do not stop the purchase."""
    asked, at = asked_for(), now()
    with machine().transaction() as session:
        buyer = buyer_of(session, asked)
        credit = bool(asked.get("store_credit"))
        basket, codes = basket_of(asked), codes_of(asked)
        priced = quote(session, basket, codes, buyer, at=at, store_credit=credit)
        terms = Terms(
            payment=str(asked.get("payment") or "paid"),
            source=str(asked.get("source") or "web"),
            locale=str(asked.get("locale") or "da"),
            test=bool(asked.get("test")),
        )
        made = place(session, priced, buyer, terms, at=at)
        return order_view(made) | {"refused_codes": priced.refused}, 201


@bp.post("/orders/<name>/pay")
def pay_order(name: str) -> ResponseReturnValue:
    """Take the money."""
    with machine().transaction() as session:
        order = order_named(session, name)
        pay(session, order, at=now())
        return order_view(order)


@bp.post("/orders/<name>/refunds")
def refund_order(name: str) -> ResponseReturnValue:
    """Take back some lines, or all that is left."""
    asked = asked_for()
    with machine().transaction() as session:
        order = order_named(session, name)
        if asked.get("rest"):
            refund_rest(session, order, note=str(asked.get("note") or ""), at=now())
        else:
            shipping = bool(asked.get("shipping"))
            refund(session, order, quantities_of(asked), shipping=shipping, at=now())
        return order_view(order), 201


@bp.post("/orders/<name>/cancel")
def cancel_order(name: str) -> ResponseReturnValue:
    """Call it off."""
    with machine().transaction() as session:
        order = order_named(session, name)
        cancel(session, order, reason=str(asked_for().get("reason") or "customer"), at=now())
        return order_view(order)


@bp.post("/orders/<name>/fulfill")
def fulfill_order(name: str) -> ResponseReturnValue:
    """Send the goods."""
    with machine().transaction() as session:
        order = order_named(session, name)
        fulfill(session, order, at=now())
        return order_view(order)


@bp.post("/install")
def install() -> ResponseReturnValue:
    """Where a merchant's browser would start; the caller follows from there with its cookies."""
    return {"url": app_link(machine().settings, now())}


@bp.post("/uninstall")
def uninstall_app() -> ResponseReturnValue:
    """Throw the app out."""
    here = machine()
    with here.transaction() as session:
        return {"uninstalled": uninstall(session, here.settings, at=now())}


@bp.post("/privacy")
def ask_privacy() -> ResponseReturnValue:
    """Send a privacy topic for a persona."""
    asked = asked_for()
    here = machine()
    with here.transaction() as session:
        who = persona_named(session, str(asked.get("persona")))
        if asked.get("topic") not in persons.TOPICS:
            raise BadRequest(f"The topic is one of {', '.join(persons.TOPICS)}.")
        persons.ask(session, here.settings, str(asked["topic"]), who, at=now())
        return {"sent": asked["topic"]}


@bp.post("/shop-redact")
def shop_redact() -> ResponseReturnValue:
    """Tell the app to forget the shop now."""
    here = machine()
    with here.transaction() as session:
        redact_shop(session, here.settings, at=now())
        return {"sent": "shop/redact"}


@bp.post("/customers")
def create_customer() -> ResponseReturnValue:
    """A new regular."""
    asked = {k: str(v) for k, v in asked_for().items()}
    with machine().transaction() as session:
        who = persons.welcome(session, asked, at=now())
        return {"handle": who.handle, "id": who.id, "name": who.name, "email": who.email}, 201


@bp.post("/customers/<name>")
def change_customer(name: str) -> ResponseReturnValue:
    """Change a customer's name or e-mail, and say so."""
    asked = {k: str(v) for k, v in asked_for().items()}
    with machine().transaction() as session:
        who = persona_named(session, name)
        persons.change_customer(session, who, asked, at=now())
        return {"handle": who.handle, "name": who.name, "email": who.email}


@bp.post("/webhooks/redeliver")
def redeliver_webhooks() -> ResponseReturnValue:
    """Send webhooks again, under the ids they had."""
    asked, at = asked_for(), now()
    with machine().transaction() as session:
        if asked.get("order"):
            order = order_named(session, asked["order"])
            chosen = webhooks_of(session, order.id)
        else:
            chosen = latest_webhooks(session, whole_number(asked.get("last", 1), "last"))[::-1]
        return {"redelivered": redeliver(session, chosen, at=at)}


@bp.post("/webhooks/due")
def webhooks_due() -> ResponseReturnValue:
    """What waits for a retry or is held back becomes due now."""
    with machine().transaction() as session:
        hurry(session, at=now())
        return {"due": True}


@bp.post("/chaos")
def change_chaos() -> ResponseReturnValue:
    """Change the weather."""
    with machine().transaction() as session:
        try:
            weather = set_chaos(session, asked_for())
        except (TypeError, ValueError) as error:
            raise BadRequest(str(error)) from error
        return {name: getattr(weather, name) for name in weather.__slots__}


@bp.post("/faults")
def strike() -> ResponseReturnValue:
    """Have the next calls of the app go wrong; nothing asked for mends the line."""
    asked, faults = asked_for(), machine().faults
    try:
        faults.strike(fault_of(asked) if asked else None)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    return faults.as_dict()


@bp.post("/clock")
def set_clock() -> ResponseReturnValue:
    """Let the shop's clock be wrong."""
    faults = machine().faults
    try:
        faults.set_clock(int(asked_for().get("minutes", 0)))
    except (TypeError, ValueError) as error:
        raise BadRequest(str(error)) from error
    return faults.as_dict()


@bp.post("/switches")
def change_switches() -> ResponseReturnValue:
    """Close the script tag API, or turn the app's embed on."""
    known = {k: bool(v) for k, v in asked_for().items() if k in ("embed_only", "app_embed")}
    with machine().transaction() as session:
        for name, on in known.items():
            set_setting(session, name, on)
    return known


@bp.post("/tokens/expire")
def expire_tokens() -> ResponseReturnValue:
    """Make every access token an hour old."""
    with machine().transaction() as session:
        return {"expired": expire_access_tokens(session, at=now())}


@bp.post("/tokens/end")
def end_tokens() -> ResponseReturnValue:
    """Let ninety days pass for every token."""
    with machine().transaction() as session:
        return {"ended": pass_ninety_days(session, at=now())}


@bp.post("/tokens/revoke")
def revoke_tokens() -> ResponseReturnValue:
    """Take every token back."""
    with machine().transaction() as session:
        return {"revoked": revoke(session)}


@bp.post("/bucket/empty")
def empty_bucket() -> ResponseReturnValue:
    """Spend all query points at once."""
    machine().desk.bucket.empty(monotonic())
    return {"available": 0}


@bp.post("/reset")
def reset() -> ResponseReturnValue:
    """Start over."""
    machine().reset(everything=bool(asked_for().get("everything")))
    return {"reset": True}
