"""The merchant's look as the widget and the loyalty page wear it."""

from typing import Any

from app.domain.look import Look, dark_shade, light_shade
from app.models.look import look_of
from app.models.shop import Shop
from app.web.languages import locale_of_request


def look_view(shop: Shop) -> dict[str, Any] | None:
    """What the widget needs of the look; None where it keeps its own."""
    look = look_of(shop)
    if look is None:
        return None
    locale = locale_of_request()
    texts = {"title": look.title.get(locale), "guest": look.guest.get(locale)}
    sign = f'"{look.icon.value} "' if look.icon.value else '""'
    return {
        "style": _colors(look) | {"icon": sign},
        "corner": look.corner.value,
        "texts": {key: text for key, text in texts.items() if text},
    }


def look_styles(shop: Shop) -> str:
    """The same colors as a rule of a style sheet; empty where the page keeps its own."""
    look = look_of(shop)
    if look is None:
        return ""
    rules = "".join(f"--look-{name}:{color};" for name, color in _colors(look).items())
    return f":root{{{rules}}}\n"


def _colors(look: Look) -> dict[str, str]:
    light, dark = light_shade(look), dark_shade(look)
    return {"accent": light.accent, "on": light.on, "dark": dark.accent, "dark-on": dark.on}
