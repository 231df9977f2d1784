"""What tests put into a shop's tables one by one, and read of them whole; the app does neither."""

from sqlalchemy import select

from app.models.delivery import accept_rows, delivery_row
from app.models.redemption import Redemption


def accept(session, shop_id, **facts):
    """Note a delivery, once, as its webhook does."""
    accept_rows(session, [delivery_row(shop_id, **facts)])


def all_redemptions(session, shop_id):
    """Every redemption of a shop, oldest first."""
    query = select(Redemption).where(Redemption.shop_id == shop_id).order_by(Redemption.id)
    return list(session.scalars(query))
