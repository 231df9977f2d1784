"""Links into the app, signed as the platform signs them."""

from datetime import datetime

from demoshop.config import Settings
from demoshop.host.signatures import host_parameter, signed_query


def app_link(settings: Settings, at: datetime, **also: str) -> str:
    """The App URL as the shop's admin opens it, before and after installing."""
    parameters = {
        "host": host_parameter(settings.domain),
        "shop": settings.domain,
        "timestamp": str(int(at.timestamp())),
    } | also
    return f"{settings.app_url}/?{signed_query(settings.client_secret, parameters)}"
