"""Shopify's search syntax, as far as we speak it."""

from datetime import UTC, datetime


def since(moment: datetime) -> str:
    """What changed at or after a moment. Shopify keeps whole seconds, so ours is cut to one."""
    return f"updated_at:>='{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
