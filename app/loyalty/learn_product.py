"""Learn what the platform's catalog says of a product, and settle the orders that waited for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.products import ProductFacts
from app.loyalty.settle import Fact, OrderDue, settle
from app.models.fact import FactKind, journal
from app.models.order import awaiting_catalog
from app.models.product import keep_product, products_by_id
from app.models.shop import Shop

AWAITING_BATCH = 500


def learn_product(
    session: Session, shop: Shop, product_id: str, facts: ProductFacts, *, at: datetime
) -> None:
    """Keep what the catalog says of a product now."""
    waiting = [one.order_id for one in awaiting_catalog(session, shop.id, AWAITING_BATCH)]
    know_product(session, shop, product_id, facts, waiting, at=at)


def know_product(
    session: Session,
    shop: Shop,
    product_id: str,
    facts: ProductFacts,
    waiting: Sequence[str],
    *,
    at: datetime,
) -> None:
    """Keep what the catalog says of a product, and settle these orders again."""
    known = products_by_id(session, shop.id, [product_id]).get(product_id)
    is_news = waiting or known is None or known.facts != facts
    keep_product(session, shop.id, product_id, facts, at=at)
    settle(session, shop, [Fact(OrderDue(order_id), at) for order_id in waiting])
    if is_news:
        body = {
            "product_id": product_id,
            "tags": list(facts.tags),
            "collections": list(facts.collections),
            "category": facts.category,
            "orders": list(waiting),
        }
        journal(session, shop.id, FactKind.PRODUCT, body, at=at)
