"""One shopper's book kept in memory, with the rules of the domain and no database at all.

It settles as the app does: orders are taken in, positions compared, the difference written down.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from app.domain.earning import Award, award_for
from app.domain.firing import basis_minor
from app.domain.ledger import Account, Reason, Transfer, balances, moves
from app.domain.lots import holding
from app.domain.order import Order, newest, with_refunds
from app.domain.settlement import (
    Standing,
    available_at,
    expires_at,
    order_position,
    spent_points_back,
)

ZONE = ZoneInfo("Europe/Copenhagen")
NOTHING = dict.fromkeys(Account, 0)


@dataclass
class Known:
    """What is known of one order, and what it has in the ledger."""

    order: Order | None = None
    waiting: tuple = ()
    award: Award | None = None
    posted: dict = field(default_factory=lambda: dict(NOTHING))


@dataclass
class Code:
    """A code that points were given for, and the order that used it."""

    code: str
    cost_points: int
    order_id: str | None = None
    posted: dict = field(default_factory=lambda: dict(NOTHING))


class Book:
    """A ledger in a list."""

    def __init__(self, program):
        self.program = program
        self.transfers = []
        self.known = {}
        self.codes = {}

    @property
    def available(self):
        """What can be spent."""
        return balances(self.transfers)[Account.AVAILABLE]

    def hear(self, order, at):
        """Take in a version of an order, of any age."""
        known = self.known.setdefault(order.order_id, Known())
        known.order = with_refunds(newest(known.order, order), known.waiting)
        self.settle(order.order_id, at)

    def hear_refund(self, order_id, refund, at):
        """Take in a refund, whether or not its order is known."""
        known = self.known.setdefault(order_id, Known())
        if known.order is None:
            known.waiting += (refund,)
            return
        known.order = with_refunds(known.order, (refund,))
        self.settle(order_id, at)

    def settle(self, order_id, at):
        """Write down what is missing between an order's position and the ledger."""
        known = self.known[order_id]
        order = known.order
        if order is None:
            return
        if known.award is None or known.award.basis_minor != basis_minor(order, self.program):
            known.award = award_for(order, self.program, 1, None)
        wanted = order_position(
            known.award,
            order,
            self.program,
            at=at,
            standing=Standing(expired=known.posted[Account.EXPIRED]),
        )
        since = available_at(order, self.program) or at
        expiry = expires_at(self.program.expiry, since, ZONE)
        self._bring(known, wanted, at, Reason.ORDER, order_id=order_id, expiry=expiry)
        for code in self.codes.values():
            if code.order_id == order_id or (code.code in order.codes and not code.order_id):
                code.order_id = order_id
                self._settle_code(code, order, at)

    def _settle_code(self, code, order, at):
        policy = self.program.spent_return
        spent = code.cost_points - spent_points_back(code.cost_points, code.code, order, policy)
        wanted = {Account.AVAILABLE: -spent, Account.SPENT: spent}
        self._bring(code, wanted, at, Reason.SPEND)

    def redeem(self, code, points, at):
        """Hold points for a code; nothing, for who has not so many."""
        if points <= self.available:
            self.codes[code] = Code(code, points)
            wanted = {Account.AVAILABLE: -points, Account.HELD: points}
            self._bring(self.codes[code], wanted, at, Reason.REDEEM)

    def undo(self, code, at):
        """Give the points of an unused code back."""
        if self.codes[code].order_id is None:
            self._bring(self.codes[code], {}, at, Reason.GIVE_BACK)

    def expire(self, at):
        """Write down which lots are over."""
        for lot in holding(self.transfers).expired(at):
            self._write(Account.AVAILABLE, Account.EXPIRED, lot.points, at, Reason.EXPIRE)
            if lot.order_id is not None:
                posted = self.known[lot.order_id].posted
                posted[Account.AVAILABLE] -= lot.points
                posted[Account.EXPIRED] += lot.points

    def _bring(self, of, wanted, at, reason, *, order_id=None, expiry=None):
        for source, target, points in moves(of.posted, wanted):
            lives = expiry if target is Account.AVAILABLE else None
            self._write(source, target, points, at, reason, order_id, lives)
            of.posted[source] -= points
            of.posted[target] += points

    def _write(self, source, target, points, at, reason, order_id=None, expiry=None):
        self.transfers.append(
            Transfer(
                key=str(len(self.transfers)),
                source=source,
                target=target,
                points=points,
                occurred_at=at,
                reason=reason,
                order_id=order_id,
                expires_at=expiry,
            )
        )

    def sums(self):
        """What the ledger holds for each order: what two books are compared by."""
        return {order_id: known.posted for order_id, known in self.known.items() if known.order}
