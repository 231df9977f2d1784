"""The app's scripts on storefront pages: by script tag, or by the theme's app embed."""

from urllib.parse import urlencode

from sqlalchemy.orm import Session

from demoshop.config import Settings
from demoshop.host.installation import installed_scope
from demoshop.records.setting import setting
from demoshop.records.webhook import script_tags


def injected(session: Session, settings: Settings) -> list[str]:
    """The scripts to load at the end of every page.

    Script tags are silent once the shop is "embed only"; the embed runs when the merchant has
    switched it on in the theme. Either way the shop's domain is added, as the platform does.
    """
    if installed_scope(session) is None:
        return []
    sources: list[str] = []
    if not setting(session, "embed_only", default=False):
        sources += [tag.src for tag in script_tags(session) if tag.display_scope != "ORDER_STATUS"]
    if setting(session, "app_embed", default=False):
        sources.append(f"{settings.app_url}/widget.js")
    shop = urlencode({"shop": settings.domain})
    return [f"{source}{'&' if '?' in source else '?'}{shop}" for source in dict.fromkeys(sources)]
