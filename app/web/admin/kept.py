"""What a worker computes for a page: looking at it keeps it new."""

from datetime import datetime, timedelta

from app.models.base import ShopId
from app.models.kept_report import KeptReport, ask_for_report, kept_report
from app.web import parts

LOOKED_AT_AGAIN = timedelta(hours=1)
"""How long one look at a kept report is enough to say that somebody looks at it."""


def look_at(
    shop_id: ShopId, period: str, *, changed_at: datetime | None = None, at: datetime
) -> KeptReport:
    """What there is of a period's report; what is missing or old is asked for.

    It is old, too, when it was computed before `changed_at`, when what it counts was changed last.
    """
    with parts.database().reading() as session:
        kept = kept_report(session, shop_id, period)
    if kept is None or kept.is_old(at, changed_at) or at - kept.looked_at > LOOKED_AT_AGAIN:
        with parts.database().transaction() as session:
            kept = ask_for_report(session, shop_id, period, changed_at=changed_at, at=at)
    return kept
