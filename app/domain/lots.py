"""Points that were earned together: what is left of each lot, and what expires when.

Lots are never stored as truth. They follow from a member's transfers: what becomes available opens
a lot, what leaves is taken from the lot that expires first, never-expiring ones last, and what
arrives while the member owes pays the debt first. What an order takes back comes out of its own
lots before it comes out of others': else the lots of returned goods would live on.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.ledger import Account, Transfer


@dataclass(slots=True)
class Lot:
    """Points that became available together; `expires_at` None means never."""

    key: str
    opened_at: datetime
    expires_at: datetime | None
    points: int
    order_id: str | None = None
    """The order that earned them; None for points that no order did."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A member's available points as lots, soonest expiry first, and what they owe."""

    lots: tuple[Lot, ...]
    deficit: int

    @property
    def balance(self) -> int:
        """Available points; negative while the member owes."""
        return sum(lot.points for lot in self.lots) - self.deficit

    @property
    def next_expiry(self) -> tuple[datetime, int] | None:
        """When points expire next, and how many do at that instant."""
        moments = [lot.expires_at for lot in self.lots if lot.expires_at is not None]
        if not moments:
            return None
        soonest = min(moments)
        return soonest, sum(lot.points for lot in self.lots if lot.expires_at == soonest)

    def expired(self, at: datetime) -> list[Lot]:
        """The lots that are over at an instant, the instant of expiry included."""
        return [lot for lot in self.lots if lot.expires_at is not None and lot.expires_at <= at]

    def without(self, lots: Collection[Lot]) -> "Holding":
        """What is held when some of the lots are gone."""
        return Holding(tuple(lot for lot in self.lots if lot not in lots), self.deficit)


def holding(transfers: Iterable[Transfer]) -> Holding:
    """What a member holds after these transfers, which come in the order they were posted."""
    lots: list[Lot] = []
    deficit = 0
    for transfer in transfers:
        change = transfer.change_of(Account.AVAILABLE)
        if change > 0:
            paid = min(deficit, change)
            deficit -= paid
            if change > paid:
                lots.append(
                    Lot(
                        transfer.key,
                        transfer.occurred_at,
                        transfer.expires_at,
                        change - paid,
                        transfer.order_id,
                    )
                )
        elif change < 0:
            lots, missing = _taken(lots, -change, transfer.order_id)
            deficit += missing
    return Holding(tuple(sorted(lots, key=_soonest_first)), deficit)


def _taken(lots: list[Lot], points: int, order_id: str | None) -> tuple[list[Lot], int]:
    """The lots after points left them, and how many points were not there."""
    own_first = sorted(
        lots,
        key=lambda lot: (order_id is None or lot.order_id != order_id, *_soonest_first(lot)),
    )
    for lot in own_first:
        used = min(lot.points, points)
        lot.points -= used
        points -= used
    return [lot for lot in lots if lot.points], points


def _soonest_first(lot: Lot) -> tuple[bool, float, float]:
    expires = lot.expires_at.timestamp() if lot.expires_at is not None else 0.0
    return lot.expires_at is None, expires, lot.opened_at.timestamp()
