"""What is true of a shop's books at any moment, whatever has happened to it."""

from collections import defaultdict

from sqlalchemy import select

from app.domain.events import OrderChanged
from app.domain.ledger import Account, Reason, balances
from app.domain.lots import holding
from app.domain.program import Debt
from app.domain.settlement import all_goods_back
from app.loyalty.digest import digest
from app.loyalty.expire import expire_inactive, expire_points
from app.loyalty.mature import mature
from app.loyalty.retier import retier
from app.loyalty.verify import verify
from app.models.order import OrderRecord
from app.models.program import Programs
from app.models.redemption import RedemptionState
from app.models.shop import Shop
from app.models.transfer import TransferRow

MAY_OVERDRAW = (Reason.SPEND, Reason.ORDER_MOVED, Reason.MERGE)
"""What is taken whether or not it is there: a code that an order used after it was given back, an
order that belongs to somebody else, a bonus that one person had twice."""


UNUSED = (
    RedemptionState.ISSUING,
    RedemptionState.READY,
    RedemptionState.WAITING,
    RedemptionState.FAILED,
)
"""How far a tier's reward is that its member may still have, or is still owed."""


class Laws:
    """Looks at a world after each of its steps."""

    def __init__(self, world):
        self.world = world
        self.seen = {}
        self.looked_at = {}
        self.other = self._digest(world.other_id)

    def hold(self):
        """Nothing is wrong now, which is so for as long as nothing is written."""
        if not self.world.written:
            return
        self.world.written = False
        session = self.world.session
        try:
            shop = session.get_one(Shop, self.world.shop_id)
            rows = self._rows(shop.id)
            by_member = defaultdict(list)
            for row in rows:
                by_member[row.member_id].append(row.as_transfer)
            self._ledger_is_only_added_to(rows)
            assert verify(session, shop).differences == ()
            self._members_hold_what_a_replay_says(by_member)
            self._nothing_is_taken_beside_what_is_over(by_member)
            self._only_what_may_overdraws(by_member, Programs(session, shop.id))
            self._orders_stay_within_what_they_gave()
            self._tiers_give_one_reward_each()
            self._the_journal_names_only_whom_the_books_name()
        finally:
            session.expunge_all()

    def hold_at_the_end(self):
        """What is looked at once, since it takes longer."""
        for chore in (mature, expire_points, expire_inactive, retier):
            self.world.do(lambda session, shop, at, do=chore: do(session, shop, at=at))
        before = self._digest(self.world.shop_id)
        again = self.world.rebuilt()
        assert self._digest(again) == before
        assert self.world.redemptions_as_they_are(again) == self.world.redemptions_as_they_are()
        self._hear_all_orders_again()
        if self.world.has_published:
            # New tiers reach a member with the next order that is heard of, not before.
            before = self._digest(self.world.shop_id)
            self._hear_all_orders_again()
        assert self._digest(self.world.shop_id) == before
        assert self._digest(self.world.other_id) == self.other

    def _hear_all_orders_again(self):
        for order in self.world.orders.values():
            self.world.report(OrderChanged(order))

    def _digest(self, shop_id):
        session = self.world.session
        found = digest(session, session.get_one(Shop, shop_id))
        session.expunge_all()
        return found

    def _rows(self, shop_id):
        query = select(TransferRow).where(TransferRow.shop_id == shop_id)
        query = query.order_by(TransferRow.member_id, TransferRow.number)
        return list(self.world.session.scalars(query))

    def _ledger_is_only_added_to(self, rows):
        now = {(row.member_id, row.number): row.as_transfer for row in rows}
        assert self.seen.items() <= now.items()
        self.seen = now

    def _members_hold_what_a_replay_says(self, by_member):
        for member in self.world.members():
            transfers = by_member[member.id]
            sums = balances(transfers)
            held = holding(transfers)
            assert sum(sums.values()) == 0
            assert held.balance == member.available == sums[Account.AVAILABLE]
            assert min(sums[Account.PENDING], sums[Account.HELD], sums[Account.SPENT]) >= 0
            assert min(sums[Account.EXPIRED], sums[Account.REVERSED]) >= 0
            expiry = (member.next_expiry_at, member.next_expiry_points)
            assert expiry == (held.next_expiry or (None, 0))

    def _nothing_is_taken_beside_what_is_over(self, by_member):
        """What is over is expired before anything is taken, whoever comes first."""
        for member_id, transfers in by_member.items():
            begin = self.looked_at.get(member_id, 0)
            self.looked_at[member_id] = len(transfers)
            for place in range(begin, len(transfers)):
                one = transfers[place]
                if one.change_of(Account.AVAILABLE) < 0 and one.reason is not Reason.EXPIRE:
                    assert not holding(transfers[:place]).expired(one.occurred_at), one

    def _only_what_may_overdraws(self, by_member, programs):
        for transfers in by_member.values():
            balance = 0
            for one in transfers:
                change = one.change_of(Account.AVAILABLE)
                balance += change
                if change < 0 and balance < 0 and one.reason not in MAY_OVERDRAW:
                    assert one.reason is Reason.ORDER_REVERSED, one
                    assert programs.revision(one.revision).debt is Debt.OWE, one

    def _the_journal_names_only_whom_the_books_name(self):
        for name in ("customer_id", "email_hash"):
            told = self.world.named_in_the_journal(name)
            borne = {getattr(one, name) for one in (*self.world.members(), *self.world.records())}
            assert {one for one in told if not one.startswith("~")} <= borne

    def _tiers_give_one_reward_each(self):
        entered = {member.id: member.entered for member in self.world.members()}
        unused = [one for one in self.world.redemptions() if one.entry_tier and one.state in UNUSED]
        assert len({(one.member_id, one.entry_tier) for one in unused}) == len(unused)
        for one in unused:
            assert one.cost_points == 0
            assert entered[one.member_id].get(one.entry_tier) == one.entry_order_id

    def _orders_stay_within_what_they_gave(self):
        query = select(OrderRecord).where(OrderRecord.shop_id == self.world.shop_id)
        for record in self.world.session.scalars(query):
            award, order = record.award, record.order
            if award is None or record.member_id is None:
                assert set(record.posted.values()) == {0}
                continue
            given = award.points + sum(record.entry.values())
            # What was forgiven stays, even when a later edit lets the order give less than that.
            kept = max(given, record.forgiven)
            assert given <= -record.posted_issued <= kept
            assert 0 <= record.posted_reversed <= given
            assert min(record.posted_pending, record.posted_expired, record.forgiven) >= 0
            assert record.posted_available >= 0
            if not order.stands or record.deleted_at or all_goods_back(order):
                assert record.posted_reversed + record.forgiven == -record.posted_issued == kept
