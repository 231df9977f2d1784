"""A merchant's session: a signed cookie that says which shop's admin they came from, and when.

It is made anew at every sign-in, lasts eight hours, and is worth nothing once the shop has left or
has been installed again since.
"""

from datetime import datetime, timedelta

from flask import session

from app.domain.text import LOCALES
from app.models.shop import Shop, ShopState
from app.web import parts

LASTS = timedelta(hours=8)

OPEN_TO = (ShopState.ACTIVE, ShopState.UNAUTHORIZED)


def sign_in(shop: Shop, *, at: datetime) -> None:
    """Begin a session for a shop whose platform has just vouched for the merchant."""
    locale = session.get("locale")
    session.clear()
    session["shop_id"] = shop.id
    session["shop_domain"] = shop.domain
    session["began"] = at.timestamp()
    if locale in LOCALES:
        session["locale"] = locale


def signed_in_shop(*, at: datetime) -> Shop | None:
    """The shop whose merchant is asking; None when nobody is signed in, or not any more."""
    shop_id, began = session.get("shop_id"), session.get("began")
    if not isinstance(shop_id, int) or not isinstance(began, float):
        return None
    if not 0 <= at.timestamp() - began < LASTS.total_seconds():
        return None
    with parts.database().reading() as reading:
        shop = reading.get(Shop, shop_id)
    if shop is None or shop.domain != session.get("shop_domain") or shop.state not in OPEN_TO:
        return None
    return shop if began >= shop.installed_at.timestamp() else None
