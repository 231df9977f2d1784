"""Give the rewards of tiers that orders have led to, free of points, and take them back with those.

What an order has led to is noted with the member (see `entry`); here a redemption is made of it, or
ended. Whoever has used a code, or was given a thing for good, keeps it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.loyalty.cancel import take_back
from app.loyalty.entry import entered_by, leave_entries
from app.loyalty.hand_out import Handed, hand_for_tier, told
from app.models.entry_reward import entry_rewards
from app.models.fact import FactKind, journal
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.program import Programs
from app.models.redemption import Redemption, RedemptionState
from app.models.replaying import entry_in_replay
from app.models.shop import Shop

OVER = (
    RedemptionState.CANCELING,
    RedemptionState.CANCELED,
    RedemptionState.EXPIRING,
    RedemptionState.EXPIRED,
    RedemptionState.FAILED,
)
"""The states of what is of no use to anybody any more."""


class EntryRewards:
    """What the orders of a batch have given for tiers; most have given nothing."""

    def __init__(
        self,
        session: Session,
        shop: Shop,
        programs: Programs,
        records: Mapping[str, OrderRecord],
        members: Iterable[Member],
    ) -> None:
        self._session = session
        self._shop = shop
        self._programs = programs
        entered = {order_id for member in members for order_id in member.entered.values()}
        led = [key for key, record in records.items() if record.entry or key in entered]
        self._given = entry_rewards(session, shop.id, order_ids=led) if led else []

    def bring(
        self, member: Member, record: OrderRecord, before: Collection[str], *, at: datetime
    ) -> None:
        """Give and take back what follows when a member had entered other tiers by an order."""
        now = entered_by(member, record)
        for tier_code in sorted(now.symmetric_difference(before)):
            had = [
                one
                for one in self._given
                if (one.entry_order_id, one.entry_tier) == (record.order_id, tier_code)
            ]
            if tier_code in now:
                self._give(member, record.order_id, tier_code, had, at)
            else:
                self._take_back(had, at)

    def leave(self, member: Member, record: OrderRecord, *, at: datetime) -> None:
        """Take back what a member got for an order that is somebody else's now."""
        before = entered_by(member, record)
        leave_entries(member, record)
        self.bring(member, record, before, at=at)

    def _take_back(self, given: Iterable[Redemption], at: datetime) -> None:
        for redemption in given:
            take_back(self._session, self._shop, redemption, at=at)

    def _give(
        self,
        member: Member,
        order_id: str,
        tier_code: str,
        had: list[Redemption],
        at: datetime,
    ) -> None:
        """Give what the tier gives now, or once more what an order gave that counts again.

        A guest gets theirs when they join: then the order becomes the customer's.
        """
        if any(one.state not in OVER for one in had):
            # Of a customer who is being merged into this one, or used before it went to them.
            return
        number = had[-1].revision if had else self._programs.number_at(at)
        program = self._programs.revision(number)
        tier = program.tiers.named(tier_code)
        code = had[-1].reward_code if had else tier.entry_reward if tier is not None else None
        reward = program.reward(code) if code is not None else None
        if reward is None or not program.live or member.customer_id is None:
            return
        body = entry_in_replay(self._session, order_id, tier_code)
        redemption = hand_for_tier(
            self._session,
            self._shop,
            member,
            reward,
            (order_id, tier_code),
            program=program,
            revision=number,
            handed=Handed.told(body) if body is not None else None,
            at=at,
        )
        self._given.append(redemption)
        fact = {"order": order_id, "tier": tier_code, **told(redemption)}
        journal(self._session, self._shop.id, FactKind.ENTRY, fact, at=at)


def leave_one_each(
    session: Session, shop: Shop, member: Member, gone_id: UUID, *, at: datetime
) -> None:
    """Of what two customers got for one tier before they were merged, leave what came first.

    What was used or given for good comes before what was not, and stays in any case. What is only
    owed comes last.
    """
    kept: dict[str, Redemption] = {}
    given = entry_rewards(session, shop.id, member_ids=[member.id, gone_id])
    lasting = [one for one in given if one.is_owed or one.state not in OVER]
    for redemption in sorted(lasting, key=_rank):
        tier_code = str(redemption.entry_tier)
        if kept.setdefault(tier_code, redemption) is not redemption:
            take_back(session, shop, redemption, at=at)
            continue
        entered_by_order = member.entered.get(tier_code)
        if entered_by_order is None:
            member.entered = member.entered | {tier_code: redemption.entry_order_id}
        else:
            redemption.entry_order_id = entered_by_order


def _rank(redemption: Redemption) -> tuple[bool, bool, datetime, UUID]:
    is_unused = redemption.state not in (RedemptionState.USED, RedemptionState.DONE)
    return redemption.is_owed, is_unused, redemption.created_at, redemption.id
