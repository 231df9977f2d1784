"""Let orders from before the program was live earn, as far back as the merchant wishes.

The program is published once more, in force from that moment on. So whatever is told of such an
order, now or later, settles to the same points, and nothing is given twice.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.effects import CountPast
from app.domain.errors import ProgramNotLive, ProgramPaused
from app.domain.sentence import Sentence as _
from app.loyalty.mature import mature_orders
from app.loyalty.publish import amend
from app.loyalty.rehearse import Progress, rehearse
from app.models.effect import queue
from app.models.order import OrderRecord, lock_orders
from app.models.past_order import count_past, first_past, is_past, next_past
from app.models.program import program_in_force
from app.models.shop import Shop
from app.models.walk import Walk, WalkKind, begin_walk, take_up

BATCH = 100


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What past orders would give: points that are spendable or on their way, and their worth.

    `first` is when the oldest of the orders was placed. `rewards_minor` is what the tiers give that
    these orders lead to, at face value, and part of `worth_minor`; that is None where no reward
    says what a point is worth.
    """

    orders: int
    members: int
    points: int
    rewards_minor: int
    worth_minor: int | None
    first: datetime | None

    def as_document(self) -> dict[str, Any]:
        """It as what JSON can hold, with moments as such."""
        return asdict(self)


def foreseen_from(document: Mapping[str, Any]) -> Foreseen:
    """What is foreseen in a document."""
    first = document["first"]
    return Foreseen(**{**document, "first": datetime.fromisoformat(first) if first else None})


def known(
    session: Session, shop: Shop, *, at: datetime, most: int | None = None
) -> tuple[int, datetime | None]:
    """How many orders we know that could still earn, and when the first of them was placed.

    With `most`, one more than that stands for any number above it.
    """
    _number, program = program_in_force(session, shop.id, at=at)
    return count_past(session, is_past(shop.id, program, since=None, at=at), most=most)


def oldest(session: Session, shop: Shop, *, at: datetime) -> datetime | None:
    """When the first order that could still earn was placed."""
    _number, program = program_in_force(session, shop.id, at=at)
    return first_past(session, is_past(shop.id, program, since=None, at=at))


def foresee(
    session: Session,
    shop: Shop,
    *,
    since: datetime | None,
    at: datetime,
    progress: Progress | None = None,
) -> Foreseen:
    """What would come of letting orders since a moment earn, or all we know; writes nothing."""
    # Who joined before had no points for it, and gets none now.
    program = replace(program_in_force(session, shop.id, at=at)[1], join_points=0)
    past = is_past(shop.id, program, since=since, at=at)
    orders, first = count_past(session, past)
    answer = rehearse(
        session, shop, program, program, only=past, total=orders, progress=progress, at=at
    )
    then = answer.then
    return Foreseen(
        orders=orders,
        members=answer.members,
        points=then.available + then.pending,
        rewards_minor=then.rewards_minor,
        worth_minor=then.liability_minor,
        first=first,
    )


def let_past_earn(
    session: Session, shop: Shop, *, since: datetime, author: str, at: datetime
) -> None:
    """Have orders since a moment earn by the program that is live now; what is scheduled stays so.

    Asking twice is asking once; asking for an earlier moment adds what lies before. Raises
    ProgramNotLive in a preview, and ProgramPaused in a pause, which would be in force from then on.
    """
    program = program_in_force(session, shop.id, at=at)[1]
    if not program.live:
        raise ProgramNotLive(_("The program is not live yet, so past orders cannot earn."))
    if program.paused:
        raise ProgramPaused(_("The program is paused. Resume it before past orders earn."))
    amend(session, shop, lambda one: one, author=author, effective_at=since, at=at)
    walk = begin_walk(session, shop.id, WalkKind.PAST, since=since, at=at)
    # Of two wishes the earlier moment holds: what the first one promised is given, too.
    since = min(since, walk.since or since)
    count, _first = count_past(session, is_past(shop.id, program, since=since, at=at))
    walk.since, walk.reached, walk.place = since, None, ""
    walk.expected = walk.checked + count
    queue(session, shop.id, [CountPast(shop.domain)], at=at)


def count_some(session: Session, shop: Shop, *, at: datetime) -> bool:
    """Give the next past orders their points; whether there are more.

    What is given and how far it is are one transaction: who takes it up again goes on from there.
    """
    walk = take_up(session, shop.id, WalkKind.PAST)
    if walk is None or walk.since is None:
        return False
    past = is_past(shop.id, program_in_force(session, shop.id, at=at)[1], since=walk.since, at=at)
    after = (walk.reached, walk.place) if walk.reached is not None else None
    found = next_past(session, past, after, limit=BATCH)
    if found:
        order_ids = [order_id for _, order_id in found]
        before = _given(session, shop, order_ids)
        mature_orders(session, shop, order_ids, at=at)
        _note(walk, found, before, _given(session, shop, order_ids))
    if len(found) < BATCH:
        walk.ended_at = at
    return len(found) == BATCH


def _given(session: Session, shop: Shop, order_ids: list[str]) -> dict[str, int]:
    """What members have of some orders."""
    records = lock_orders(session, shop.id, order_ids)
    return {key: _points(record) for key, record in records.items()}


def _points(record: OrderRecord) -> int:
    return record.posted_available + record.posted_pending


def _note(
    walk: Walk, found: list[tuple[datetime, str]], before: dict[str, int], after: dict[str, int]
) -> None:
    walk.reached, walk.place = found[-1]
    walk.checked += len(found)
    walk.differences += sum(after[key] != before[key] for key in after)
    walk.points += sum(after.values()) - sum(before.values())
