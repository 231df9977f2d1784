"""The books of a shop with one customer, as a scenario tells what happens to them."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.domain.order import Refund
from app.loyalty.act import act
from app.loyalty.adjust import adjust
from app.loyalty.enroll import enroll
from app.loyalty.expire import expire_inactive, expire_points
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.loyalty.retier import retier
from app.loyalty.set_floor import set_floor
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.program import Programs
from app.models.tier_change import TierChange
from app.models.transfer import TransferRow, rows_of
from tests.builders import a_line, a_program, an_order, later, refunded, settled
from tests.databases import NOON, a_shop

BEGIN = datetime(2018, 1, 1, tzinfo=UTC)


def instant(text):
    """A moment in UTC, "2026-01-01" or "2026-01-01T00:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Books:
    """A shop with a program, and its customer 7; every verb may be called twice."""

    def __init__(self, session, settings):
        self.session = session
        self.shop = a_shop(session)
        self.publish(settings, at=BEGIN)
        self.orders = {}
        self.codes = {}

    def publish(self, settings, at):
        """Publish a program with these settings, or this program."""
        program = a_program(**settings) if isinstance(settings, dict) else settings
        publish(self.session, self.shop, program, author="test", at=at)

    def join(self, email_hash=None):
        """Make the customer a member, as who has ordered or signed up is one."""
        programs = Programs(self.session, self.shop.id)
        enroll(self.session, self.shop, {"7": email_hash}, programs, at=NOON)

    @property
    def member(self):
        """Who the customer is; None before they are known."""
        self.session.flush()
        return member_of(self.session, self.shop.id, "7")

    @property
    def balance(self):
        """What the customer can spend; the books are right whenever it is asked for."""
        assert verify(self.session, self.shop).differences == ()
        return self.member.available

    @property
    def tier(self):
        """The tier the customer is in."""
        return self.member.tier

    def moved(self, target):
        """The points of each row that went to an account, in order."""
        rows = rows_of(self.session, self.shop.id, self.member.id)
        return [row.points for row in rows if row.target == target]

    def count(self, table):
        """How many rows of a table the shop has."""
        self.session.flush()
        query = select(table).where(table.shop_id == self.shop.id)
        return len(self.session.scalars(query).all())

    @property
    def transfers(self):
        """How many rows the ledger has."""
        return self.count(TransferRow)

    @property
    def tier_changes(self):
        """How often a tier was reached or lost."""
        return self.count(TierChange)

    def give(self, points, at=NOON, key=None):
        """Give points by hand, or take them with a negative number."""
        if self.member is None:
            self.join()
        key = key or f"{points} {at}"
        adjust(self.session, self.shop, self.member.id, points, note="", key=key, at=at)

    def act(self, code, key="once"):
        """Do something that the program rewards."""
        if self.member is None:
            self.join()
        act(self.session, self.shop, self.member.id, code, key=key, at=NOON)

    def redeem(self, reward="reward", points=None, at=NOON):
        """Buy a reward; returns its code. Asking again asks with the same key."""
        code = f"STAM-{reward.upper()}"
        bought = redeem(
            self.session,
            self.shop,
            customer_id="7",
            reward_code=reward,
            asked_points=points,
            request_key=reward,
            code=code,
            at=at,
        )
        self.codes[code] = bought
        return code

    def order(self, order_id="1", minor=0, at=NOON, lines=None, **changes):
        """Place and pay an order of one line, or of these."""
        facts = {"placed_at": at, "paid_at": at, "updated_at": at}
        lines = lines or (a_line(total_minor=minor),)
        self._tell(an_order(order_id, lines=lines, **facts | changes), at)

    def pay_with(self, code, order_id="X"):
        """Use a code on an order that earns nothing."""
        self.order(order_id, codes=(code,))

    def refund(self, order_id="1", lines=None, at=NOON, **changes):
        """Give back these lines of an order, or all of it, by another refund."""
        order = self.orders[order_id]
        lines = lines or [(line.line_id, line.quantity) for line in order.lines]
        self._tell(refunded(order, lines, f"r{len(order.refunds)}", **changes), at)

    def refund_beyond_reason(self, order_id="1"):
        """Have a refund ask for more pieces and more money than there ever were."""
        refund = Refund(refund_id="r", lines=(("1", 9999),), extra_minor=9999_00)
        self._tell(later(self.orders[order_id], refunds=(refund,)), NOON)

    def cancel(self, order_id="1"):
        """Cancel an order."""
        self._tell(later(self.orders[order_id], canceled_at=NOON), NOON)

    def again(self, order_id="1"):
        """Have the newest version of an order delivered once more."""
        self._tell(self.orders[order_id], NOON)

    def _tell(self, order, at):
        self.orders[order.order_id] = order
        settled(self.session, self.shop, order, at=at)

    def expire(self, at):
        """Have the chores that expire points come by."""
        expire_points(self.session, self.shop, at=at)
        expire_inactive(self.session, self.shop, at=at)

    def hold_at(self, tier, at=NOON):
        """Set a tier by hand."""
        self.join()
        set_floor(self.session, self.shop, self.member.id, tier, reason="a friend", at=at)

    def retier(self, at):
        """Have the chore that looks at tiers come by."""
        retier(self.session, self.shop, at=at)
