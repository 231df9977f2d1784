"""Go on later with what takes long: so no work outlasts the lease of its effect."""

from datetime import datetime

from app.domain.effects import Effect
from app.jobs.tools import Tools
from app.models.base import ShopId
from app.models.effect import queue
from app.models.shop import Shop


def go_on_later(tools: Tools, shop_id: ShopId, effect: type[Effect], *, now: datetime) -> None:
    """Have the rest of a shop's work done by another effect of the same kind."""
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        queue(session, shop_id, [effect.about(shop.domain)], at=now)
