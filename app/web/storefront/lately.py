"""What changed a shopper's balance lately, as they read it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.domain.ledger import Reason
from app.models.adjustment_note import notes_of
from app.models.change import newest_changes
from app.models.member import Member
from app.models.redemption import Redemption
from app.web.storefront.bought import name_of
from app.web.storefront.wordings import day_of, history_sentence

MOST_CHANGES = 20


def history_view(
    session: Session, member: Member | None, redemptions: Sequence[Redemption]
) -> list[dict[str, Any]]:
    """The newest changes first; nothing for who is no member yet."""
    if member is None:
        return []
    changes = newest_changes(session, member.shop_id, member.id, limit=MOST_CHANGES)
    adjusted = any(change.reason == Reason.ADJUST for change in changes)
    notes = notes_of(session, member.shop_id, member.id) if adjusted else {}
    rewards = {str(one.id): name_of(one) for one in redemptions}
    return [
        {
            "at": change.occurred_at.isoformat(),
            "day": day_of(change.occurred_at),
            "points": change.points,
            "text": history_sentence(change, rewards, notes),
        }
        for change in changes
    ]
