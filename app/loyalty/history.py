"""What members bought before an order, for rules and campaigns that ask."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.program import Program
from app.domain.segments import NOTHING_BOUGHT, History
from app.models.base import ShopId
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.purchase import bought_by


class Histories:
    """The orders of some members that still stand, kept up to date in memory."""

    def __init__(self) -> None:
        self._orders: dict[UUID, dict[str, tuple[datetime, int, frozenset[str]]]] = {}
        self._holders: dict[str, UUID] = {}

    def add(
        self, member_id: UUID, order_id: str, bought: tuple[datetime, int, frozenset[str]]
    ) -> None:
        """Take in one order: when placed, goods kept, categories."""
        self._orders.setdefault(member_id, {})[order_id] = bought
        self._holders[order_id] = member_id

    def note(self, record: OrderRecord) -> None:
        """Take in what a record says now."""
        holder = self._holders.pop(record.order_id, None)
        if holder is not None:
            del self._orders[holder][record.order_id]
        stands = record.spend_minor > 0 and not record.wiped
        if record.member_id is not None and record.placed_at is not None and stands:
            bought = (record.placed_at, record.spend_minor, frozenset(record.categories))
            self.add(record.member_id, record.order_id, bought)

    def before(self, member_id: UUID, order_id: str, placed_at: datetime) -> History:
        """What a member had bought when they placed an order."""
        earlier = sorted(
            (bought[0], key, bought)
            for key, bought in self._orders.get(member_id, {}).items()
            if key != order_id and (bought[0], key) < (placed_at, order_id)
        )
        if not earlier:
            return NOTHING_BOUGHT
        return History(
            orders=tuple((placed, bought[1]) for placed, _, bought in earlier),
            categories=frozenset(name for _, _, bought in earlier for name in bought[2]),
        )


def history_now(
    session: Session, shop_id: ShopId, program: Program, member: Member | None, *, at: datetime
) -> History:
    """What a member has bought by now; nothing where the program never asks, and for nobody."""
    if member is None or not program.needs_history:
        return NOTHING_BOUGHT
    return histories(session, shop_id, [member.id]).before(member.id, "", at)


def histories(session: Session, shop_id: ShopId, member_ids: Collection[UUID]) -> Histories:
    """All that these members ever bought and kept."""
    found = Histories()
    for member_id, order_id, placed_at, spend_minor, categories in bought_by(
        session, shop_id, member_ids
    ):
        found.add(member_id, order_id, (placed_at, spend_minor, frozenset(categories)))
    return found
