"""The look that a merchant chose, as it stands on the shop's row: every page view reads it."""

from app.domain.look import Corner, Icon, Look
from app.models.base import Document
from app.models.shop import Shop


def look_of(shop: Shop) -> Look | None:
    """The merchant's choice; None while they have made none."""
    if shop.look is None:
        return None
    kept = shop.look
    return Look(
        accent=kept["accent"],
        corner=Corner(kept["corner"]),
        icon=Icon[kept["icon"]],
        title=kept["title"],
        guest=kept["guest"],
    )


def keep_look(shop: Shop, look: Look) -> None:
    """Note the merchant's choice."""
    kept: Document = {
        "accent": look.accent,
        "corner": look.corner.value,
        "icon": look.icon.name,
        "title": look.title,
        "guest": look.guest,
    }
    shop.look = kept
