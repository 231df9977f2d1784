"""What of a batch of order facts is journaled: whatever changed anything.

Platforms tell most things twice, and reconciling tells them a third time. What was known already,
and moved nothing by the time it came, need not be replayed.
"""

from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.loyalty.forget_names import forget_names
from app.models.base import Document, ShopId
from app.models.fact import FactKind, Noted, journal_all
from app.models.fact_document import shortened
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.redemption import Redemption

Told = tuple[Document | None, Document, datetime | None]
State = tuple[Told, tuple[str | None, str | None], tuple[Any, ...]]
"""What a record was told, whom it names, and all that may follow from it."""


class Hearing:
    """Notes the facts of one batch, each as what it made known.

    An order is journaled as the version that was kept: replaying that one ends the same as the
    version that was told, whether that came late, early or twice.
    """

    def __init__(
        self, members: Mapping[UUID, Member], redemptions: Mapping[str, Redemption]
    ) -> None:
        self._members = members
        self._redemptions = redemptions
        self._noted: list[Noted] = []
        self._first: Noted | None = None
        self._left: list[tuple[str | None, str | None]] = []

    def state(self, record: OrderRecord) -> State:
        """How things stand for an order."""
        return _told(record), (record.customer_id, record.email_hash), self._follows(record)

    def hear(self, record: OrderRecord, before: State, at: datetime) -> None:
        """Keep a fact when it changed anything since `before`."""
        told, names, follows = before
        if _told(record) != told or self._follows(record) != follows:
            self._noted.append(_made_known(record, told, at))
            if any(names) and names != (record.customer_id, record.email_hash):
                self._left.append(names)
        elif self._first is None and not self._noted:
            # The batch's first moment counts for all who join in it.
            self._first = Noted(FactKind.DUE, at, {"order_id": record.order_id})

    def _follows(self, record: OrderRecord) -> tuple[Any, ...]:
        if record.facts is None:
            return ()
        owner = self._members.get(record.member_id) if record.member_id is not None else None
        return (
            _of_order(vars(record)),
            _of_owner(vars(owner)) if owner is not None else None,
            [
                (one.order_id, one.state, one.moves)
                for one in self._redemptions.values()
                if one.order_id == record.order_id or one.code in record.facts["codes"]
            ],
        )

    def write(self, session: Session, shop_id: ShopId) -> None:
        """Write what was heard, when any of it was news."""
        if self._noted:
            first = [self._first] if self._first is not None else []
            journal_all(session, shop_id, [*first, *self._noted])
        if self._left:
            customers, hashes = zip(*self._left, strict=True)
            forget_names(session, shop_id, customers, hashes)


# Of rows as they were read: to ask SQLAlchemy for one after the other takes ten times as long.
_of_order = itemgetter(
    *("member_id", "award_facts", "settlements", "spend_minor", "due_at", "forgiven", "entry"),
    *("categories", "awaits_catalog"),
)
_of_owner = itemgetter("transfers", "tier", "tier_since", "tier_due_at", "entered")
_of_told = itemgetter("facts", "early_refunds", "deleted_at")


def _told(record: OrderRecord) -> Told:
    told: Told = _of_told(vars(record))
    return told


def _made_known(record: OrderRecord, told: Told, at: datetime) -> Noted:
    facts, early_refunds, deleted_at = told
    if record.facts is not None and record.facts != facts:
        return Noted(
            FactKind.ORDER, at, shortened(record.facts), record.customer_id, record.email_hash
        )
    if record.deleted_at != deleted_at:
        return Noted(FactKind.DELETED, at, {"order_id": record.order_id})
    for refund_id, refund in record.early_refunds.items():
        if refund_id not in early_refunds:
            body = {"order_id": record.order_id, "refund_id": refund_id, **refund}
            return Noted(FactKind.REFUND, at, body)
    return Noted(FactKind.DUE, at, {"order_id": record.order_id})
