"""Looking at the shop from a program."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from demoshop.host.agreement import books, light
from demoshop.host.chaos import chaos
from demoshop.host.installation import installed_scope
from demoshop.products import PRODUCTS
from demoshop.records.call import latest_calls
from demoshop.records.customer import customers
from demoshop.records.discount import discounts
from demoshop.records.order import orders
from demoshop.records.setting import setting
from demoshop.records.webhook import latest_webhooks, script_tags, subscriptions, webhook_counts
from demoshop.web.demo_api.views import discount_view, order_view, webhook_view
from demoshop.web.find import order_named
from demoshop.web.here import machine, now
from demoshop.web.storefront.scripts import injected

bp = Blueprint("demo_look", __name__, url_prefix="/demo/api")

LOG_LENGTH = 200


@bp.get("/state")
def state() -> ResponseReturnValue:
    """Everything at a glance."""
    here = machine()
    with here.transaction() as session:
        told = _state(session)
        ours = books(session)
    if request.args.get("light") != "0":
        told["light"] = light(here.settings, ours, at=now()).as_dict()
    return told


@bp.get("/orders/<name>")
def order(name: str) -> ResponseReturnValue:
    """One order."""
    with machine().transaction() as session:
        return order_view(order_named(session, name))


@bp.get("/events")
def events() -> ResponseReturnValue:
    """The latest webhooks and API calls, newest first."""
    with machine().transaction() as session:
        return {
            "webhooks": [webhook_view(w) for w in latest_webhooks(session, LOG_LENGTH)],
            "calls": [
                {
                    "operation": call.operation,
                    "status": call.status,
                    "outcome": call.outcome,
                    "cost": call.cost,
                    "milliseconds": call.milliseconds,
                    "asked": call.asked,
                }
                for call in latest_calls(session, LOG_LENGTH)
            ],
        }


def _state(session: Session) -> dict[str, Any]:
    settings = machine().settings
    return {
        "domain": settings.domain,
        "app_url": settings.app_url,
        "installed": installed_scope(session) is not None,
        "scope": installed_scope(session),
        "embed_only": setting(session, "embed_only", default=False),
        "app_embed": setting(session, "app_embed", default=False),
        "scripts": injected(session, settings),
        "script_tags": [tag.src for tag in script_tags(session)],
        "subscriptions": [{"topic": row.topic, "uri": row.uri} for row in subscriptions(session)],
        "webhooks": webhook_counts(session),
        "chaos": {name: getattr(chaos(session), name) for name in chaos(session).__slots__},
        "products": [
            {
                "handle": product.handle,
                "sku": product.sku,
                "title": product.title(),
                "price_minor": product.price_minor,
                "gift_card": product.gift_card,
            }
            for product in PRODUCTS
        ],
        "personas": [
            {"handle": who.handle, "id": who.id, "name": who.name, "email": who.email}
            for who in customers(session)
        ],
        "orders": [order_view(row) for row in orders(session)],
        "discounts": [discount_view(row) for row in discounts(session)],
    }
