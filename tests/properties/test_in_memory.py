"""The rules of the domain hold by themselves, in any order of events and without a database.

`make check` lives 2,000 lives of 50 steps: without a database they are cheap.
"""

import os
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.ledger import Account, balances
from app.domain.lots import holding
from app.domain.order import Order, Payment, Refund
from app.domain.program import SpentReturn
from app.domain.settlement import target_points
from tests.databases import NOON
from tests.properties.in_memory import Book
from tests.properties.programs import programs
from tests.properties.world import a_piece

picks = st.integers(0, 50)
LIVES = settings(
    max_examples=int(os.environ.get("STAMKUNDE_EXAMPLES_IN_MEMORY", "2000")),
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    derandomize="STAMKUNDE_EXAMPLES_IN_MEMORY" not in os.environ,
)


class ShopperLife(RuleBasedStateMachine):
    """Orders, refunds, edits, codes and time, for one shopper; the book is right after each."""

    @initialize(program=programs())
    def open_book(self, program):
        self.book = Book(program)
        self.now = NOON
        self.count = 0
        self.newest = {}
        self.told = []
        self.checked = 0

    def number(self):
        self.count += 1
        return self.count

    def tell(self, order):
        """The shop makes a version of an order, and we hear of it."""
        order = replace(order, updated_at=NOON + timedelta(days=400, seconds=self.number()))
        self.newest[order.order_id] = order
        self.told.append(order)
        self.book.hear(order, self.now)

    def an_order(self, pick):
        return list(self.newest.values())[pick % len(self.newest)]

    def has_orders(self):
        return bool(self.newest)

    def has_codes(self):
        return bool(self.book.codes)

    @rule(
        lines=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 99_99)), min_size=1, max_size=3),
        paid=st.booleans(),
        pick=st.one_of(st.none(), picks),
    )
    def buy(self, lines, paid, pick):
        codes = list(self.book.codes)
        code = codes[pick % len(codes)] if pick is not None and codes else None
        order_id = str(1000 + self.number())
        self.tell(
            Order(
                order_id=order_id,
                name=f"#{order_id}",
                customer_id="7",
                email_hash=None,
                currency="DKK",
                payment=Payment.PAID if paid else Payment.PENDING,
                placed_at=self.now,
                paid_at=self.now if paid else None,
                updated_at=self.now,
                lines=tuple(
                    a_piece(str(at), quantity, total, ((code, total // 10),) if code else ())
                    for at, (quantity, total) in enumerate(lines, start=1)
                ),
                codes=(code,) if code else (),
            )
        )

    @precondition(has_orders)
    @rule(pick=picks)
    def pay(self, pick):
        order = self.an_order(pick)
        if order.payment is Payment.PENDING:
            self.tell(replace(order, payment=Payment.PAID, paid_at=self.now))

    @precondition(has_orders)
    @rule(pick=picks)
    def fulfill(self, pick):
        self.tell(replace(self.an_order(pick), fulfilled_at=self.now))

    @precondition(has_orders)
    @rule(pick=picks)
    def cancel(self, pick):
        self.tell(replace(self.an_order(pick), canceled_at=self.now))

    @precondition(has_orders)
    @rule(pick=picks, line=st.integers(0, 2), quantity=st.integers(1, 3), early=st.booleans())
    def refund(self, pick, line, quantity, early):
        order = self.an_order(pick)
        piece = order.lines[line % len(order.lines)]
        returned = min(quantity, order.remaining_quantity(piece))
        if not returned:
            return
        refund = Refund(refund_id=f"r{self.number()}", lines=((piece.line_id, returned),))
        if early:
            self.book.hear_refund(order.order_id, refund, self.now)
        payment = Payment.PARTIALLY_REFUNDED if order.payment.has_paid else order.payment
        self.tell(replace(order, payment=payment, refunds=(*order.refunds, refund)))

    @precondition(has_orders)
    @rule(pick=picks, line=st.integers(0, 2), quantity=st.integers(1, 4), total=st.integers(0, 300))
    def edit(self, pick, line, quantity, total):
        order = self.an_order(pick)
        place = line % len(order.lines)
        piece = a_piece(order.lines[place].line_id, quantity, total * 100)
        self.tell(replace(order, lines=(*order.lines[:place], piece, *order.lines[place + 1 :])))

    @precondition(has_orders)
    @rule(pick=picks)
    def hear_an_old_version_again(self, pick):
        self.book.hear(self.told[pick % len(self.told)], self.now)

    @rule(points=st.integers(1, 80))
    def redeem(self, points):
        self.book.redeem(f"STAM-{self.number()}", points, self.now)

    @precondition(has_codes)
    @rule(pick=picks)
    def undo(self, pick):
        self.book.undo(list(self.book.codes)[pick % len(self.book.codes)], self.now)

    @rule(hours=st.one_of(st.integers(0, 48), st.integers(0, 24 * 200)))
    def wait(self, hours):
        self.now += timedelta(hours=hours)
        self.book.expire(self.now)
        over = balances(self.book.transfers)[Account.EXPIRED]
        for order_id in self.newest:
            self.book.settle(order_id, self.now)
        assert balances(self.book.transfers)[Account.EXPIRED] == over

    @invariant()
    def book_is_right(self):
        if not hasattr(self, "book") or len(self.book.transfers) == self.checked:
            return
        self.checked = len(self.book.transfers)
        sums = balances(self.book.transfers)
        held = holding(self.book.transfers)
        assert sum(sums.values()) == 0
        assert held.balance == sums[Account.AVAILABLE]
        assert min(sums[Account.PENDING], sums[Account.HELD], sums[Account.SPENT]) >= 0
        assert min(sums[Account.EXPIRED], sums[Account.REVERSED]) >= 0

    @invariant()
    def orders_have_what_they_should(self):
        for known in getattr(self, "book", Book(None)).known.values():
            order, award, posted = known.order, known.award, known.posted
            if order is None:
                continue
            target = target_points(award, order, self.book.program)
            kept = posted[Account.AVAILABLE] + posted[Account.PENDING] + posted[Account.EXPIRED]
            assert kept == target
            assert posted[Account.ISSUED] == -award.points
            assert 0 <= posted[Account.REVERSED] == award.points - target
            share = kept_share(order, dict(award.weights))
            assert abs(target - award.points * share) <= len(order.lines)
            if not share:
                assert target == 0

    @invariant()
    def codes_cost_what_they_should(self):
        for code in getattr(self, "book", Book(None)).codes.values():
            spent, held = code.posted[Account.SPENT], code.posted[Account.HELD]
            assert code.posted[Account.AVAILABLE] == -spent - held
            assert 0 <= spent + held <= code.cost_points
            if code.order_id is None or held:
                assert spent == 0
            elif self.book.program.spent_return is SpentReturn.NEVER:
                order = self.book.known[code.order_id].order
                assert order.canceled_at or not order.payment.has_paid or spent == code.cost_points

    @precondition(has_orders)
    @rule(pick=picks)
    def settle_again(self, pick):
        before = len(self.book.transfers)
        self.book.settle(self.an_order(pick).order_id, self.now)
        self.book.settle(self.an_order(pick).order_id, self.now)
        self.book.expire(self.now)
        settled = len(self.book.transfers)
        self.book.settle(self.an_order(pick).order_id, self.now)
        self.book.expire(self.now)
        assert len(self.book.transfers) == settled
        assert settled >= before

    @precondition(has_orders)
    @rule(shuffle=st.randoms(use_true_random=False))
    def hear_all_in_another_order(self, shuffle):
        in_order, in_disorder = Book(self.book.program), Book(self.book.program)
        for told in self.told:
            in_order.hear(told, self.now)
        mixed = [*self.told, *shuffle.choices(self.told, k=len(self.told) // 2)]
        shuffle.shuffle(mixed)
        for told in mixed:
            in_disorder.hear(told, self.now)
        assert in_order.sums() == in_disorder.sums()


def kept_share(order, weights):
    """How much of what earned is still with the shopper, counted anew from what went back."""
    if order.canceled_at or order.payment in (Payment.VOIDED, Payment.REFUNDED, Payment.EXPIRED):
        return 0
    kept = 0
    for line in order.lines:
        back = [n for refund in order.refunds for at, n in refund.lines if at == line.line_id]
        pieces = min(line.current_quantity, line.quantity - sum(back))
        kept += Fraction(weights.get(line.line_id, 0) * max(pieces, 0), line.quantity)
    return kept / (sum(weights.values()) or 1)


def test_rules_hold_whatever_happens():
    run_state_machine_as_test(ShopperLife, settings=LIVES)
