"""Give again by itself what tiers have promised and the platform would not make, in its time."""

from datetime import datetime
from operator import itemgetter
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import NotOwed
from app.loyalty.give_again import give_again, reward_by_now
from app.models.member import lock_members
from app.models.program import program_in_force
from app.models.redemption_figures import owed_rewards
from app.models.shop import Shop

BATCH = 50


def give_owed(session: Session, shop: Shop, *, at: datetime) -> int:
    """Try up to a batch of rewards again whose pause is over; returns how many are on their way.

    None in a pause of the program. What the program no longer has waits for the merchant.
    """
    _number, program = program_in_force(session, shop.id, at=at)
    if not program.is_open:
        return 0
    owed = owed_rewards(session, shop.id)
    due = [
        (one.next_try_at, one.redemption)
        for one in owed
        if one.next_try_at is not None
        and one.next_try_at <= at
        and reward_by_now(program, one.redemption) is not None
    ]
    # Who has waited longest comes first: what can never be given keeps nobody from theirs.
    batch = [one for _, one in sorted(due, key=itemgetter(0))[:BATCH]]
    lock_members(session, shop.id, {one.member_id for one in batch})
    return sum(_is_given(session, shop, one.id, at) for one in batch)


def _is_given(session: Session, shop: Shop, redemption_id: UUID, at: datetime) -> bool:
    try:
        give_again(session, shop, redemption_id, at=at)
    except NotOwed:
        # Somebody gave it, or let it be, while we waited for the lock.
        return False
    return True
