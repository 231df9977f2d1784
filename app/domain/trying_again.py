"""When a refused promise is given again by itself: later each time, and not for ever.

A cause is mended by people, within hours or days; nobody knows that it is, so each try may be one
more refusal.
"""

from datetime import datetime, timedelta

PAUSES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
"""How long to wait after each try; after the one that follows the last pause, people decide."""


def next_try_at(tries: int, last_at: datetime) -> datetime | None:
    """When to try again after so many tries, of which the last was begun at an instant."""
    return last_at + PAUSES[tries - 1] if tries <= len(PAUSES) else None
