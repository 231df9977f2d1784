"""Explain an order's points or a member's balance: everything that decided, and nothing written."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.explanation import (
    CampaignPart,
    EntryReward,
    MemberExplanation,
    OrderExplanation,
    Outcome,
    RulePart,
    outcome_of,
)
from app.domain.ledger import Account, Reason
from app.domain.lots import holding
from app.domain.settlement import all_goods_back, available_at, remaining_share
from app.domain.text import text
from app.loyalty.balance import lots_over
from app.loyalty.give_entry import OVER
from app.loyalty.measure import measure
from app.models.entry_reward import entry_rewards
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import transfers_of


def explain_order(session: Session, shop: Shop, record: OrderRecord) -> OrderExplanation:
    """Why an order has given what it has, by the program that it began with."""
    award, order = record.award, record.order
    program = Programs(session, shop.id).revision(award.revision) if award else None
    explained = OrderExplanation(
        name=record.name or record.order_id,
        order=order,
        outcome=Outcome.NO_MEMBER,
        award=award,
        program=program,
        entry_points=sum(record.entry.values()),
        entry_rewards=tuple(
            EntryReward(text(one.name), one.state not in OVER)
            for one in entry_rewards(session, shop.id, order_ids=[record.order_id])
        ),
        pending=record.posted_pending,
        available=record.posted_available,
        reversed=record.posted_reversed,
        expired=record.posted_expired,
        forgiven=record.forgiven,
    )
    if award is not None and program is not None and order is not None:
        rules = {rule.code: rule for rule in program.earning}
        names = {campaign.code: campaign.name for campaign in program.campaigns}
        over = not order.stands or all_goods_back(order)
        explained = replace(
            explained,
            rules=tuple(RulePart(code, rules.get(code), given) for code, given in award.rules),
            campaigns=tuple(
                CampaignPart(names.get(code, text(code)), given) for code, given in award.campaigns
            ),
            tier=program.tiers.named(award.tier),
            share=Fraction(0) if over else remaining_share(award, order),
            ready_at=available_at(order, program),
        )
    outcome = outcome_of(explained, is_wiped=record.wiped, awaits_catalog=record.awaits_catalog)
    return replace(explained, outcome=outcome)


def explain_member(
    session: Session, shop: Shop, member: Member, *, at: datetime
) -> MemberExplanation:
    """What a member's balance is made of, when it ends, and why they are in their tier."""
    transfers = transfers_of(session, shop.id, member.id)
    by_reason: Counter[Reason] = Counter()
    for transfer in transfers:
        by_reason[transfer.reason] += transfer.change_of(Account.AVAILABLE)
    programs = Programs(session, shop.id)
    over = lots_over(session, programs, member, at=at)
    by_reason[Reason.EXPIRE] -= sum(lot.points for lot in over)
    held = holding(transfers).without(over)
    program = programs.at(at)
    tier = program.tiers.named(member.tier)
    floor_holds = member.floor_until is None or at < member.floor_until
    return MemberExplanation(
        name=member.customer_id or str(member.id),
        available=held.balance,
        pending=member.pending,
        held=member.held,
        by_reason=tuple((reason, by_reason[reason]) for reason in Reason if by_reason[reason]),
        lots=held.lots,
        owes=held.deficit,
        tier=tier,
        tier_since=member.tier_since,
        tier_due_at=member.tier_due_at,
        floor=program.tiers.named(member.floor_tier) if floor_holds else None,
        floor_reason=member.floor_reason,
        measured=measure(session, shop.id, [member.id], programs, (at, at)).of(
            member, program.tiers, at
        ),
        next_tier=program.tiers.above(tier),
        program=program,
    )
