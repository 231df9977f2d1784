"""Whether the books and the shop's orders agree: asked by the platform, which alone can sign it."""

from flask import Blueprint, g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.loyalty.verify import verify_members
from app.models.delivery import Delivery
from app.models.order import OrderRecord, newest_orders
from app.models.queue import waiting
from app.models.shop import Shop, shop_by_domain
from app.web import parts

MOST_ORDERS = 200

bp = Blueprint("agreement", __name__)


@bp.get("/agreement")
def show_agreement() -> ResponseReturnValue:
    """What we hold of the newest orders, and whether their members' ledgers say the same."""
    with parts.database().reading() as session:
        return jsonify(_agreement(session, shop_by_domain(session, g.shop_domain)))


def _agreement(session: Session, shop: Shop) -> dict[str, object]:
    # A shop may have millions of transfers: `stamkunde verify` proves all of them.
    records = newest_orders(session, shop.id, MOST_ORDERS)
    members = {record.member_id for record in records if record.member_id is not None}
    return {
        "verified": not verify_members(session, shop, members),
        "waiting": waiting(session, Delivery, shop.id),
        "orders": {record.order_id: _order_facts(record) for record in records},
    }


def _order_facts(record: OrderRecord) -> dict[str, object]:
    order = record.order
    return {
        "remaining_minor": order.remaining_minor if order is not None else 0,
        "points": record.posted[Account.PENDING] + record.posted[Account.AVAILABLE],
        "state": order.payment.value if order is not None else "unknown",
    }
