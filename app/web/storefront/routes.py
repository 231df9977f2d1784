"""What a shop's pages ask for a shopper; the shop's proxy has signed who that is."""

from uuid import UUID

from flask import Blueprint, g, jsonify
from flask.typing import ResponseReturnValue

from app.loyalty.cancel import cancel
from app.models.glance import glance
from app.models.redemption import redemption_by_id
from app.models.shop import shop_by_domain
from app.web import parts
from app.web.bodies import request_key
from app.web.storefront import asked, views
from app.web.storefront.bought import redemption_view
from app.web.storefront.buying import buy
from app.web.storefront.dress import look_view
from app.web.storefront.kept import offer
from app.web.storefront.places import places_view
from app.web.storefront.wishes import refuse_too_many

bp = Blueprint("storefront", __name__, url_prefix="/proxy")
bp.before_request(asked.refuse_strange_pages)
bp.before_request(refuse_too_many)


@bp.get("/me")
def show_me() -> ResponseReturnValue:
    """Everything the widget shows, to a shopper or to a guest."""
    with parts.database().reading() as session:
        first = glance(session, g.shop_domain, g.customer_id, at=parts.now())
        seen, shop = views.visit(session, first), first.shop
        if seen is None:
            return jsonify(views.nothing_view(shop))
        offer(seen, first.stamp)
        return jsonify(
            views.whole_view(seen) | {"places": places_view(seen), "look": look_view(shop)}
        )


@bp.post("/redemptions")
def create_redemption() -> ResponseReturnValue:
    """Spend points on a reward. The same request key again is the same redemption."""
    customer_id, key = asked.customer_id(), request_key(asked.MOST_KEY)
    redemption = buy(customer_id, asked.redeem_request(), request_key=key)
    return jsonify(_after(redemption.id)), 201


@bp.post("/redemptions/<redemption_id>/cancellation")
def create_cancellation(redemption_id: str) -> ResponseReturnValue:
    """Give an unused code back. Asking twice is asking once."""
    customer_id = asked.customer_id()
    with parts.database().transaction() as session:
        redemption = cancel(
            session,
            shop_by_domain(session, g.shop_domain),
            asked.redemption_id(redemption_id),
            customer_id=customer_id,
            at=parts.now(),
        )
    return jsonify(_after(redemption.id))


def _after(redemption_id: UUID) -> views.View:
    """What has changed by a redemption: itself, the member, and what else they can have now."""
    with parts.database().reading() as session:
        first = glance(session, g.shop_domain, g.customer_id, at=parts.now())
        seen = views.visit(session, first)
        redemption = redemption_by_id(session, first.shop.id, redemption_id)
        return {
            "redemption": redemption_view(redemption),
            "member": views.member_view(seen) if seen is not None else None,
            "rewards": views.rewards_view(seen) if seen is not None else [],
        }
