"""The page for whoever comes without a shop: what this is, and where to try it."""

from flask import Blueprint, render_template, session
from flask.typing import ResponseReturnValue

from app.web import parts

bp = Blueprint("welcome", __name__)


@bp.get("/welcome")
def front_page() -> ResponseReturnValue:
    """Say what Stamkunde is; in a demo, point to the demo shop."""
    settings = parts.settings()
    # In production the origin is a pattern, since every shop has an address of its own.
    has_demo_shop = not settings.is_production and "{shop}" not in settings.shopify_origin
    return render_template(
        "welcome.html",
        demo_shop=settings.shopify_origin if has_demo_shop else None,
        signed_in=bool(session.get("shop_id")),
    )
