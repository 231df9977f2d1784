"""Everything that can happen to a shop, one thing after another, as hypothesis pleases."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from app.domain.events import (
    CustomerChanged,
    CustomerErased,
    CustomersMerged,
    OrderChanged,
    OrderDeleted,
    OrderRefunded,
)
from app.domain.order import Payment
from app.loyalty.act import act, congratulate, enter_birthday
from app.loyalty.adjust import adjust
from app.loyalty.cancel import cancel, expire_codes
from app.loyalty.expire import expire_inactive, expire_points, forget_guests
from app.loyalty.give_again import give_again
from app.loyalty.mature import mature
from app.loyalty.note_code import (
    code_is_dead,
    code_is_in_doubt,
    code_is_ready,
    code_is_refused,
    code_was_used,
)
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.loyalty.retier import retier
from app.loyalty.set_floor import set_floor
from tests.properties.laws import Laws
from tests.properties.programs import programs
from tests.properties.world import (
    CUSTOMERS,
    HASHES,
    World,
    a_piece,
    a_refund,
    chosen,
    members_of,
    placed,
)
from tests.records import all_redemptions

customers = st.sampled_from(CUSTOMERS)
hashes = st.sampled_from(HASHES)
picks = st.integers(0, 50)
lines = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 199_99)), min_size=1, max_size=3)
CHORES = (mature, expire_points, expire_inactive, expire_codes, retier, congratulate, forget_guests)
OUTCOMES = (
    code_is_ready,
    code_is_ready,
    code_is_refused,
    code_is_in_doubt,
    code_is_dead,
    code_was_used,
)


class ShopLife(RuleBasedStateMachine):
    """The life of a shop; after every step its books are right."""

    database = None

    @initialize(program=programs())
    def open_shop(self, program):
        self.world = World(self.database, program)
        self.laws = Laws(self.world)

    def teardown(self):
        if hasattr(self, "world"):
            try:
                self.laws.hold_at_the_end()
            finally:
                self.world.close()

    @invariant()
    def laws_hold(self):
        if hasattr(self, "laws"):
            self.laws.hold()

    def an_order(self, pick):
        orders = list(self.world.orders.values())
        return orders[pick % len(orders)]

    def has_orders(self):
        return bool(self.world.orders)

    # What shoppers do.

    @rule(
        customer=st.one_of(customers, customers, st.none()),
        email=hashes,
        bought=lines,
        paid=st.booleans(),
        pick=st.one_of(st.none(), picks),
    )
    def buy(self, customer, email, bought, paid, pick):
        codes = [one.code for one in self.world.redemptions()]
        code = codes[pick % len(codes)] if pick is not None and codes else None
        pieces = tuple(
            a_piece(str(place), quantity, total, ((code, total // 10),) if code else ())
            for place, (quantity, total) in enumerate(bought, start=1)
        )
        self.world.tell(placed(self.world, customer, email, pieces, paid=paid, code=code))

    @rule(customer=customers, email=st.one_of(st.none(), hashes))
    def join(self, customer, email):
        self.world.report(CustomerChanged(customer, email))

    @rule(
        customer=customers,
        reward=st.sampled_from(["fifty-off", "twice", "slider"]),
        key=st.integers(0, 9),
    )
    def redeem(self, customer, reward, key):
        facts = {
            "customer_id": customer,
            "reward_code": reward,
            "request_key": f"k{key}",
            "code": f"STAM-{self.world.number()}",
            "asked_points": 40 if reward == "slider" else None,
        }
        self.world.do(lambda session, shop, at: redeem(session, shop, **facts, at=at))

    @rule(pick=picks, action=st.sampled_from(["newsletter", "review"]), key=st.integers(0, 9))
    def act(self, pick, action, key):
        self.for_member(pick, act, action, key=f"k{key}")

    @rule(pick=picks)
    def tell_birthday(self, pick):
        self.for_member(pick, enter_birthday, 7, 1)

    # What becomes of orders.

    @precondition(has_orders)
    @rule(pick=picks)
    def pay(self, pick):
        order = self.an_order(pick)
        if order.payment is Payment.PENDING:
            paid_at = self.world.now
            self.world.tell(replace(order, payment=Payment.PAID, paid_at=paid_at))

    @precondition(has_orders)
    @rule(pick=picks)
    def fulfill(self, pick):
        self.world.tell(replace(self.an_order(pick), fulfilled_at=self.world.now))

    @precondition(has_orders)
    @rule(pick=picks)
    def cancel_order(self, pick):
        self.world.tell(replace(self.an_order(pick), canceled_at=self.world.now))

    @precondition(has_orders)
    @rule(pick=picks)
    def delete_order(self, pick):
        self.world.report(OrderDeleted(self.an_order(pick).order_id))

    @precondition(has_orders)
    @rule(pick=picks, line=st.integers(0, 2), quantity=st.integers(1, 3), extra=st.integers(0, 99))
    def refund(self, pick, line, quantity, extra):
        order = self.an_order(pick)
        piece = order.lines[line % len(order.lines)]
        returned = min(quantity, order.remaining_quantity(piece))
        lines = [(piece.line_id, returned)] if returned else []
        refund = a_refund(self.world, lines, extra_minor=extra * 100 if extra > 80 else 0)
        if extra % 2:
            self.world.report(OrderRefunded(order.order_id, refund))
        payment = Payment.PARTIALLY_REFUNDED if order.payment.has_paid else order.payment
        self.world.tell(replace(order, payment=payment, refunds=(*order.refunds, refund)))

    @rule(early=st.integers(1, 5))
    def refund_of_an_unseen_order(self, early):
        order_id = str(1000 + self.world.count + early)
        self.world.report(OrderRefunded(order_id, a_refund(self.world, [("1", 1)])))

    @precondition(has_orders)
    @rule(pick=picks, line=st.integers(0, 2), quantity=st.integers(1, 4), total=st.integers(0, 300))
    def edit(self, pick, line, quantity, total):
        order = self.an_order(pick)
        place = line % len(order.lines)
        piece = a_piece(order.lines[place].line_id, quantity, total * 100)
        edited = (*order.lines[:place], piece, *order.lines[place + 1 :])
        self.world.tell(replace(order, lines=edited))

    @precondition(has_orders)
    @rule(pick=picks)
    def hear_an_old_version_again(self, pick):
        told = self.world.told[pick % len(self.world.told)]
        self.world.report(OrderChanged(told), OrderChanged(told))

    @precondition(has_orders)
    @rule(pick=picks, customer=customers)
    def give_the_order_a_customer(self, pick, customer):
        order = self.an_order(pick)
        self.world.tell(replace(order, customer_id=customer))

    # What becomes of codes.

    @rule(
        pick=picks,
        outcome=st.sampled_from(OUTCOMES),
    )
    def hear_of_a_code(self, pick, outcome):
        facts = {"error": "no"} if outcome in (code_is_refused, code_is_in_doubt) else {}
        self.for_redemption(pick, outcome, **facts)

    @rule(pick=picks)
    def cancel_code(self, pick):
        self.for_redemption(pick, cancel, customer_id=None)

    @rule(pick=picks)
    def give_again(self, pick):
        self.for_redemption(pick, give_again)

    # What merchants, platforms and time do.

    @rule(kept=customers, gone=customers)
    def merge(self, kept, gone):
        self.world.report(CustomersMerged(kept, gone))

    @rule(customer=customers, email=st.one_of(st.none(), hashes))
    def erase(self, customer, email):
        self.world.report(CustomerErased(customer, email))

    @rule(pick=picks, points=st.integers(-80, 80))
    def adjust(self, pick, points):
        key = f"k{self.world.number()}"
        self.for_member(pick, adjust, points, note="why", key=key)

    @rule(pick=picks, tier=st.sampled_from([None, "silver", "gold"]), days=st.integers(1, 90))
    def set_floor(self, pick, tier, days):
        until = self.world.now + timedelta(days=days)
        self.for_member(pick, set_floor, tier, reason="why", until=until)

    @rule(program=programs())
    def publish(self, program):
        self.world.has_published = True
        # A program counts from the second in which it is published.
        self.world.now += timedelta(minutes=1)
        self.world.do(
            lambda session, shop, at: publish(session, shop, program, author="test", at=at)
        )
        self.world.now += timedelta(minutes=1)

    @rule(hours=st.one_of(st.integers(0, 48), st.integers(0, 24 * 200)))
    def wait(self, hours):
        self.world.now += timedelta(hours=hours)

    @rule(wanted=st.sets(st.sampled_from(range(len(CHORES))), min_size=1))
    def do_chores(self, wanted):
        for place in sorted(wanted):
            self.world.do(lambda session, shop, at, do=CHORES[place]: do(session, shop, at=at))

    def for_member(self, pick, verb, *asked, **facts):
        """Something that concerns some member, when there is one."""

        def work(session, shop, at):
            if member := chosen(members_of(session, shop.id), pick):
                verb(session, shop, member.id, *asked, **facts, at=at)

        self.world.do(work)

    def for_redemption(self, pick, verb, **facts):
        """Something that concerns some redemption, when there is one."""

        def work(session, shop, at):
            if redemption := chosen(all_redemptions(session, shop.id), pick):
                verb(session, shop, redemption.id, **facts, at=at)

        self.world.do(work)
