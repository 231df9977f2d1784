"""What a shopper sees: the program, their standing in it, and what their points can buy.

All of it is read from one moment of the database. Before a program is live, and when the merchant
has gone, shoppers see nothing of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy.orm import Session

from app.domain.money import exponent, pattern
from app.domain.program import Program
from app.domain.rewards import Reward, RewardKind, slider_points
from app.domain.tiers import Tier
from app.loyalty.balance import Balance, balance_at
from app.loyalty.history import history_now
from app.loyalty.measure import measure
from app.loyalty.used_up import used_up
from app.models.glance import Glance
from app.models.member import Member
from app.models.newcomer import is_left_out
from app.models.program import Programs
from app.models.redemption import Redemption, redemptions_of
from app.models.shop import Shop, ShopState
from app.web.languages import locale_of_request
from app.web.permissions import withheld
from app.web.storefront.bought import redemption_view
from app.web.storefront.campaign_words import campaign_sentence, campaigns_now
from app.web.storefront.deed_words import deeds_are_told
from app.web.storefront.elsewhere import elsewhere_sentence
from app.web.storefront.lately import history_view
from app.web.storefront.wordings import (
    day_of,
    paused_sentence,
    terms,
    ways_to_earn,
)

View = dict[str, Any]

MOST_REDEMPTIONS = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """One shopper looking at one shop's program at one moment; no customer is a guest.

    A customer without a member has not ordered yet: they see where they would begin.
    """

    session: Session
    shop: Shop
    programs: Programs
    program: Program
    customer_id: str | None
    member: Member | None
    held: Balance
    at: datetime

    @property
    def balance(self) -> int:
        """The points they can spend."""
        return self.held.points

    @property
    def tier(self) -> Tier | None:
        """The tier they are in; a newcomer is in the first."""
        tiers = self.program.tiers
        held = tiers.named(self.member.tier) if self.member is not None else None
        return held or tiers.reached(0)


def visit(session: Session, first: Glance) -> Visit | None:
    """A visit to a program that is live; None where shoppers are to see nothing.

    Who is held out sees nothing either. From here on, days are those of the shop's clock.
    """
    shop, programs, member, at = first.shop, first.programs, first.member, first.at
    g.timezone = shop.timezone
    if shop.state in (ShopState.LEFT, ShopState.ERASED):
        return None
    program = programs.look(at)
    if program is None or not program.live:
        return None
    if is_left_out(shop.id, first.customer_id, member, program):
        return None
    held = balance_at(session, programs, member, at=at) if member is not None else Balance(0, None)
    return Visit(session, shop, programs, program, first.customer_id, member, held, at)


def nothing_view(shop: Shop) -> View:
    """The answer where there is nothing to see: the same shape, and nothing in it."""
    return {
        "locale": locale_of_request(),
        "currency": shop.currency,
        "currency_digits": exponent(shop.currency),
        "currency_pattern": pattern(shop.currency, locale_of_request()),
        "live": False,
        "paused": None,
        "program": {"name": "", "earn": [], "tiers": []},
        "campaigns": [],
        "places": [],
        "look": None,
        "member": None,
        "rewards": [],
        "redemptions": [],
        "history": [],
    }


def whole_view(seen: Visit) -> View:
    """Everything the widget shows."""
    redemptions = _redemptions(seen)
    return {
        "locale": locale_of_request(),
        "currency": seen.program.currency,
        # Browsers do not agree on them, and the page beside the widget is written by us.
        "currency_digits": exponent(seen.program.currency),
        "currency_pattern": pattern(seen.program.currency, locale_of_request()),
        "live": True,
        "paused": paused_sentence(seen.program),
        "program": program_view(
            seen.program, is_told=deeds_are_told(seen.session, seen.shop.id, seen.program)
        ),
        "campaigns": _campaigns(seen),
        "member": member_view(seen),
        "rewards": rewards_view(seen),
        "redemptions": [redemption_view(one) for one in redemptions],
        "history": history_view(seen.session, seen.member, redemptions),
    }


def program_view(program: Program, *, is_told: bool) -> View:
    """What the program promises."""
    locale, tiers = locale_of_request(), program.tiers
    return {
        "name": program.name.in_locale(locale),
        "earn": [{"text": sentence} for sentence in ways_to_earn(program, is_told=is_told)],
        "tiers": [
            _tier_name(tier) | {"threshold": tier.threshold, "measure": tiers.measure.value}
            for tier in tiers.ladder
        ],
    }


def _campaigns(seen: Visit) -> list[View]:
    """What gives more for a while: name, what it gives, when, and all of it in one line."""
    history = None
    if seen.member is not None:
        history = history_now(seen.session, seen.shop.id, seen.program, seen.member, at=seen.at)
    local = seen.at.astimezone(seen.shop.zone)
    found = campaigns_now(seen.program, history, local)
    return [one | {"text": campaign_sentence(one)} for one in found]


def member_view(seen: Visit) -> View | None:
    """Where the shopper stands; None for a guest."""
    if seen.customer_id is None:
        return None
    member = seen.member
    expiry = seen.held.next_expiry
    return {
        "notice": elsewhere_sentence(seen.session, seen.shop.id, seen.customer_id, member),
        "balance": seen.balance,
        "pending": member.pending if member is not None else 0,
        "tier": _tier_name(seen.tier) if seen.tier is not None else None,
        "next_tier": _next_tier(seen),
        "expiring": {
            "points": expiry[1],
            "at": expiry[0].isoformat(),
            "day": day_of(expiry[0]),
            "days": max(0, (expiry[0] - seen.at).days),
        }
        if expiry is not None
        else None,
    }


def _next_tier(seen: Visit) -> View | None:
    """The next tier and what is missing to it: money in minor units, points and orders as such."""
    tiers = seen.program.tiers
    above = tiers.above(seen.tier)
    if above is None:
        return None
    measured = 0
    if seen.member is not None:
        orders = measure(
            seen.session, seen.shop.id, [seen.member.id], seen.programs, (seen.at, seen.at)
        )
        measured = max(0, orders.of(seen.member, tiers, seen.at))
    return _tier_name(above) | {
        "missing": max(0, above.threshold - measured),
        "measure": tiers.measure.value,
        "progress": round(min(1.0, measured / above.threshold), 4),
    }


def _tier_name(tier: Tier) -> View:
    return {"code": tier.code, "name": tier.name.in_locale(locale_of_request())}


def rewards_view(seen: Visit) -> list[View]:
    """What points buy, for those whom it is open to."""
    return [_reward(reward, seen) for reward in open_rewards(seen)]


def open_rewards(seen: Visit) -> list[Reward]:
    """The rewards that would not be refused to somebody with points enough."""
    tiers = seen.program.tiers
    rewards = seen.program.rewards if seen.program.is_open else ()
    closed = withheld(seen.session, seen.shop.id, seen.program)
    if seen.member is not None:
        closed += used_up(seen.session, seen.member, rewards)
    return [
        reward
        for reward in rewards
        if reward not in closed and tiers.rank(tiers.named(reward.tier)) <= tiers.rank(seen.tier)
    ]


def _reward(reward: Reward, seen: Visit) -> View:
    least = reward.cost_points
    affordable = seen.balance >= least
    most = 0
    if reward.kind is RewardKind.SLIDER:
        least = max(reward.least_points, reward.cost_points)
        most = slider_points(reward, seen.balance, seen.balance)
        affordable = most > 0
    return {
        "code": reward.code,
        "name": reward.name.in_locale(locale_of_request()),
        "kind": reward.kind.value,
        "cost_points": least,
        "affordable": affordable and seen.customer_id is not None,
        "missing_points": max(0, least - seen.balance),
        "minimum_subtotal_minor": reward.minimum_subtotal_minor or None,
        "terms": terms(reward, seen.program.currency),
        "slider": {"step": reward.cost_points, "off_minor": reward.off_minor, "most": most}
        if most
        else None,
    }


def _redemptions(seen: Visit) -> list[Redemption]:
    if seen.member is None:
        return []
    return redemptions_of(seen.session, seen.shop.id, seen.member.id, limit=MOST_REDEMPTIONS)
