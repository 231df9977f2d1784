"""Give past orders their points, some in each transaction, until all have theirs."""

from datetime import datetime

from app.domain.effects import CountPast
from app.jobs.go_on import go_on_later
from app.jobs.tools import Tools
from app.loyalty.count_past import count_some
from app.models.base import ShopId
from app.models.shop import Shop

BATCHES = 20
"""Batches of one effect, well within its lease."""


def count_past_orders(tools: Tools, shop_id: ShopId, *, now: datetime) -> None:
    """Go on with giving past orders their points; what is left after a while is queued anew."""
    for _ in range(BATCHES):
        with tools.database.transaction() as session:
            is_more = count_some(session, session.get_one(Shop, shop_id), at=now)
        if not is_more:
            return
    go_on_later(tools, shop_id, CountPast, now=now)
