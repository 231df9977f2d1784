"""What of an export people read: members, lots, tiers, the ledger and codes, a table each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.lots import holding
from app.domain.sheets import BYTE_ORDER_MARK, row
from app.models.base import ShopId
from app.models.member import Member
from app.models.redemption import Redemption
from app.models.tier_change import TierChange
from app.models.transfer import TransferRow, ledgers_of

CHUNK = 500

Rows = Iterator[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of an export, and how its rows are read."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Session, ShopId], Rows]

    def lines(self, session: Session, shop_id: ShopId) -> Iterator[bytes]:
        """The table as CSV, one line after the other."""
        yield (BYTE_ORDER_MARK + row(self.columns)).encode()
        for values in self.rows(session, shop_id):
            yield row(values).encode()


def _streamed(session: Session, query: Select[*tuple[object, ...]]) -> Iterator[Sequence[object]]:
    for found in session.execute(query.execution_options(yield_per=CHUNK)):
        yield tuple(found)


OF_MEMBER = (
    *("customer_id", "email_hash", "joined_at", "tier", "tier_since"),
    *("floor_tier", "floor_until", "available", "pending", "held"),
    *("next_expiry_at", "next_expiry_points", "birthday"),
)


def _members(session: Session, shop_id: ShopId) -> Rows:
    columns = [getattr(Member, name) for name in ("id", *OF_MEMBER)]
    query = select(*columns).where(Member.shop_id == shop_id, Member.merged_into.is_(None))
    return _streamed(session, query.order_by(Member.id))


def _lots(session: Session, shop_id: ShopId) -> Rows:
    """The lots that hold a point, of some members at a time: they follow from the ledger."""
    last: UUID | None = None
    while True:
        query = select(Member.id, Member.customer_id, Member.email_hash).where(
            Member.shop_id == shop_id, Member.available > 0
        )
        if last is not None:
            query = query.where(Member.id > last)
        members = session.execute(query.order_by(Member.id).limit(CHUNK)).all()
        ledgers = ledgers_of(session, shop_id, [member_id for member_id, *_ in members])
        for member_id, *names in members:
            for lot in holding(ledgers[member_id]).lots:
                facts = (lot.points, lot.opened_at, lot.expires_at, lot.order_id)
                yield (member_id, *names, *facts)
        if len(members) < CHUNK:
            return
        last = members[-1][0]


OF_TRANSFER = (
    *("number", "key", "source", "target", "points", "occurred_at", "reason"),
    *("order_id", "redemption_id", "revision", "expires_at", "note"),
)


def _ledger(session: Session, shop_id: ShopId) -> Rows:
    columns = [getattr(TransferRow, name) for name in OF_TRANSFER]
    query = select(TransferRow.member_id, *columns).where(TransferRow.shop_id == shop_id)
    return _streamed(session, query.order_by(TransferRow.member_id, TransferRow.number))


OF_TIER = ("at", "old_tier", "new_tier", "measured")


def _tiers(session: Session, shop_id: ShopId) -> Rows:
    columns = [getattr(TierChange, name) for name in OF_TIER]
    query = select(TierChange.member_id, *columns).where(TierChange.shop_id == shop_id)
    return _streamed(session, query.order_by(TierChange.member_id, TierChange.id))


OF_CODE = (
    *("code", "reward_code", "kind", "state", "cost_points", "currency", "off_minor"),
    *("off_percent", "created_at", "ends_at", "order_id"),
)


def _codes(session: Session, shop_id: ShopId) -> Rows:
    columns = [getattr(Redemption, name) for name in OF_CODE]
    query = select(Redemption.member_id, *columns).where(Redemption.shop_id == shop_id)
    return _streamed(session, query.order_by(Redemption.id))


SHEETS = (
    Sheet("members.csv", ("member", *OF_MEMBER), _members),
    Sheet(
        "lots.csv",
        ("member", "customer_id", "email_hash", "points", "opened_at", "expires_at", "order_id"),
        _lots,
    ),
    Sheet("ledger.csv", ("member", *OF_TRANSFER), _ledger),
    Sheet("tiers.csv", ("member", *OF_TIER), _tiers),
    Sheet("codes.csv", ("member", *OF_CODE), _codes),
)
