"""Gather facts of the journal that can be replayed at once: orders, by the settling of batches.

A batch is read before its first fact is decided, and its newcomers are enrolled then. So orders are
gathered for as long as nothing of a later one can be seen by an earlier one: while no other kind of
fact comes between, points cannot be over, the program stays, and who comes was not met before.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.domain.settlement import inactive_at
from app.loyalty.parts import day_after
from app.models.base import ShopId
from app.models.fact import FactKind, FactRow
from app.models.member import Member, ids_by_email
from app.models.order import OrderRecord
from app.models.program import Programs
from app.models.replaying import Name
from app.models.shop import Shop

OF_ORDERS = (FactKind.ORDER, FactKind.REFUND, FactKind.DELETED, FactKind.DUE)
"""What is settled together."""
AHEAD = (FactKind.MEMBER, FactKind.ENTRY)
"""What is told ahead of the orders that bring it about."""
MOST = 200
"""Facts that are replayed at once, as many as a worker settles."""

Together = Sequence[FactRow]
"""Facts that counted together."""


class Gathering:
    """Cuts a journal into what is replayed at once, looking at the books as they are by then."""

    def __init__(self, target: Session, shop_id: ShopId, expected: Iterable[Name]) -> None:
        self._target = target
        self._shop_id = shop_id
        self._expected = set(expected)
        """Newcomers who were told ahead, and whose order has not come yet."""
        self._begin([])

    def of(self, facts: Iterable[Together]) -> Iterator[list[Together]]:
        """What is replayed at once, each in the order of the journal.

        The next is asked for when the last was replayed.
        """
        for together in facts:
            kind = together[0].kind
            if kind in AHEAD:
                self._tell(together)
                self._ahead.append(together)
            elif kind in OF_ORDERS and self._takes(together):
                self._add(together)
            else:
                if self._gathered:
                    yield self._gathered
                self._begin(self._ahead)
                if kind in OF_ORDERS:
                    self._open(together)
                    self._add(together)
                else:
                    self._expected -= {_comes_as(fact) for fact in together}
                    yield [*self._ahead, together]
                    self._begin([])
        if self._gathered or self._ahead:
            yield [*self._gathered, *self._ahead]

    def _begin(self, ahead: list[Together]) -> None:
        self._gathered: list[Together] = []
        self._ahead = ahead
        self._count = 0
        self._has_new = False
        self._names: set[str] = set()
        self._newcomers: dict[str | None, str | None] = {}
        self._codes: set[str] = {
            fact.body.get("code", "")
            for one in ahead
            for fact in one
            if fact.kind == FactKind.ENTRY
        }

    def _open(self, together: Together) -> None:
        """Let orders be the first of a batch, and know until when others may join."""
        self._last = self._gathered_at = first = together[0].at
        programs = Programs(self._target, self._shop_id)
        self._until = day_after(first, self._target.get_one(Shop, self._shop_id).zone)
        if planned := programs.scheduled(first):
            self._until = min(self._until, planned[0][0])
        self._is_alone = not self._comes_unseen(together)
        self._ending: datetime | None = None

    def _tell(self, together: Together) -> None:
        for fact in together:
            if fact.kind == FactKind.MEMBER:
                self._expected.add(_comes_as(fact))
            else:
                self._codes.add(fact.body.get("code", ""))

    def _add(self, together: Together) -> None:
        self._gathered += [*self._ahead, together]
        self._ahead = []
        self._count += len(together)
        self._last = max(fact.at for fact in together)
        coming = [fact for fact in together if _comes_as(fact) in self._expected]
        # Of several orders in one batch, the last one says by which keyed hash they come.
        self._newcomers |= {fact.customer_id: fact.email_hash for fact in coming}
        self._has_new = self._has_new or bool(coming)
        self._expected -= {_comes_as(fact) for fact in coming}
        for fact in together:
            self._names |= _names(fact)

    def _takes(self, together: Together) -> bool:
        """Whether orders may be settled with those before them, and come to the same."""
        if not self._gathered or self._is_alone or self._count + len(together) > MOST:
            return False
        if not all(self._last <= fact.at < self._until for fact in together):
            return False
        for fact in together:
            if not self._codes.isdisjoint(fact.body.get("codes", ())):
                # Made by one of the orders before it.
                return False
            if fact.customer_id is not None:
                hashed = self._newcomers.get(fact.customer_id, fact.email_hash)
                if hashed != fact.email_hash:
                    return False
        return self._is_cut_by_nobody(together) and self._comes_unseen(together)

    def _is_cut_by_nobody(self, together: Together) -> bool:
        """Whether no points are over in a batch in which somebody comes.

        Such a batch locks all whom it touches, and at a cut expires what is over of theirs, too.
        """
        if not self._has_new and not self._expected:
            return True
        if self._ending is None:
            programs = Programs(self._target, self._shop_id)
            first = self._gathered_at
            theirs = Member.shop_id == self._shop_id, Member.next_expiry_at > first
            ending = self._target.scalar(select(func.min(Member.next_expiry_at)).where(*theirs))
            is_by_activity = inactive_at(programs.at(first).expiry, first, programs.zone)
            self._ending = first if is_by_activity else min(ending or self._until, self._until)
        return all(fact.at < self._ending for fact in together)

    def _comes_unseen(self, together: Together) -> bool:
        """Whether nothing before these orders has to do with anybody who comes by them."""
        if not self._expected:
            return True
        coming = [fact for fact in together if _comes_as(fact) in self._expected]
        if self._expected != {_comes_as(fact) for fact in coming}:
            # Somebody comes by what names nobody.
            return False
        hashes = {fact.email_hash for fact in coming if fact.email_hash is not None}
        names = {name for fact in coming for name in _names(fact)}
        return self._names.isdisjoint(names) and not (hashes and self._has_met(hashes))

    def _has_met(self, hashes: set[str]) -> bool:
        """Whether the books know somebody, or an order, by one of these keyed hashes."""
        if ids_by_email(self._target, self._shop_id, hashes):
            return True
        theirs = OrderRecord.shop_id == self._shop_id, OrderRecord.email_hash.in_(hashes)
        return bool(self._target.scalar(select(exists().where(*theirs))))


def _comes_as(fact: FactRow) -> Name:
    """Under which name somebody comes: as a customer, else as a guest."""
    return fact.customer_id, fact.email_hash if fact.customer_id is None else None


def _names(fact: FactRow) -> set[str]:
    return {name for name in (fact.customer_id, fact.email_hash) if name is not None}
