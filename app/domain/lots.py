"""Points that were earned together: what is left of each lot, and what expires when.

Lots are never stored as truth. They follow from a member's transfers: what becomes available opens
a lot, what leaves is taken from the lot that expires first, never-expiring ones last, and what
arrives while the member owes pays the debt first. What an order takes back comes out of its own
lots before it comes out of others': else the lots of returned goods would live on. So it is with
what an import takes back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.ledger import Account, Reason, Transfer


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
            lots, missing = _taken(lots, -change, transfer)
            deficit += missing
    return Holding(tuple(sorted(lots, key=_soonest_first)), deficit)


def next_expiry_after(
    before: tuple[datetime, int] | None, arrived: Iterable[Transfer]
) -> tuple[datetime, int] | None:
    """What expires next when points arrive at a member who owes none: as `holding` has it."""
    soonest = before
    for transfer in arrived:
        ends, points = transfer.expires_at, transfer.change_of(Account.AVAILABLE)
        if ends is None or not points:
            continue
        if soonest is None or ends < soonest[0]:
            soonest = ends, points
        elif ends == soonest[0]:
            soonest = ends, soonest[1] + points
    return soonest


def _taken(lots: list[Lot], points: int, transfer: Transfer) -> tuple[list[Lot], int]:
    """The lots after a transfer took points, and how many points were not there."""
    own_first = sorted(lots, key=lambda lot: (not _is_own(lot, transfer), *_soonest_first(lot)))
    for lot in own_first:
        used = min(lot.points, points)
        lot.points -= used
        points -= used
    return [lot for lot in lots if lot.points], points


def _is_own(lot: Lot, transfer: Transfer) -> bool:
    """Whether a lot came from what a transfer takes it back for."""
    if transfer.reason is Reason.IMPORT:
        return imported_mark(lot.key) == imported_mark(transfer.key) != ""
    return transfer.order_id is not None and lot.order_id == transfer.order_id


def imported_mark(key: str) -> str:
    """Under which mark an import keeps what a transfer moved ("import:…:7:open"); else empty."""
    parts = key.split(":")
    return parts[3] if parts[0] == Reason.IMPORT and len(parts) > 3 else ""


def _soonest_first(lot: Lot) -> tuple[bool, float, float]:
    expires = lot.expires_at.timestamp() if lot.expires_at is not None else 0.0
    return lot.expires_at is None, expires, lot.opened_at.timestamp()
