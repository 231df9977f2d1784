"""Buy a reward for whoever the shop's proxy has named: one way for the widget and for the page."""

from typing import Any

from flask import g

from app.loyalty.redeem import redeem
from app.models.redemption import Redemption
from app.models.shop import shop_by_domain
from app.web import parts
from app.web.permissions import withheld_at
from app.web.storefront.codes import code_for


def buy(customer_id: str, wanted: dict[str, Any], *, request_key: str) -> Redemption:
    """Spend points on a reward; the same request key again is the same redemption.

    `wanted` has the reward's code and, for a slider, how many points. Raises what `redeem` raises.
    """
    at = parts.now()
    with parts.database().transaction() as session:
        shop = shop_by_domain(session, g.shop_domain)
        return redeem(
            session,
            shop,
            customer_id=customer_id,
            reward_code=wanted["reward"],
            asked_points=wanted["points"],
            request_key=request_key,
            code=code_for(customer_id, request_key),
            withheld=withheld_at(session, shop.id, at=at),
            at=at,
        )
