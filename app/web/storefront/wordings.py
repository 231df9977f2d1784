"""What shoppers read of a program and of their own history, in their language."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import format_date, format_decimal, gettext, ngettext
from flask_babel import lazy_gettext as _

from app.domain.ledger import Reason
from app.domain.money import written
from app.domain.program import ExpiryKind, Program
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import EarningRule, RuleKind
from app.models.change import Change
from app.web.languages import locale_of_request
from app.web.storefront.deed_words import ways_beside_buying


def money(minor_units: int, currency: str) -> str:
    """An amount as people in this language write it."""
    return written(minor_units, currency, locale_of_request())


def day_of(at: datetime) -> str:
    """The day of an instant by the shop's clock, as people in this language write it."""
    return str(format_date(at, "medium"))


def paused_sentence(program: Program) -> str | None:
    """What shoppers read while the program is paused; None while it is not."""
    if not program.paused:
        return None
    if program.expiry.kind is ExpiryKind.NEVER:
        return gettext("The program takes a short break. You keep your points and codes.")
    return gettext(
        "The program takes a short break. You keep your points and codes; points still expire on"
        " their day."
    )


def ways_to_earn(program: Program, *, is_told: bool) -> list[str]:
    """How a program gives points, a sentence for each way; nothing does while it is paused.

    `is_told` says whether a tool of the shop tells us of deeds beside buying.
    """
    if program.paused:
        return []
    ways = [_way(rule, program.currency) for rule in program.earning if rule.points > 0]
    ways += ways_beside_buying(program, is_told=is_told)
    if program.join_points:
        ways.append(
            ngettext(
                "%(points)s point for joining",
                "%(points)s points for joining",
                program.join_points,
                points=format_decimal(program.join_points),
            )
        )
    return ways


def _way(rule: EarningRule, currency: str) -> str:
    way = _points_for(rule, currency)
    if rule.include:
        way = gettext("%(way)s, on selected products", way=way)
    if rule.minimum_minor:
        least = money(rule.minimum_minor, currency)
        way = gettext("%(way)s, on orders from %(amount)s", way=way, amount=least)
    if rule.nth_order == 1:
        way = gettext("%(way)s, on your first order", way=way)
    elif rule.nth_order is not None:
        way = gettext("%(way)s, on your order number %(number)s", way=way, number=rule.nth_order)
    if rule.every_nth is not None:
        way = gettext("%(way)s, on one of every %(number)s orders", way=way, number=rule.every_nth)
    if rule.segment is not None:
        way = gettext("%(way)s, for some of our members", way=way)
    return gettext("%(way)s, with a code", way=way) if rule.needs_code else way


def _points_for(rule: EarningRule, currency: str) -> str:
    points = format_decimal(rule.points)
    match rule.kind:
        case RuleKind.PER_AMOUNT:
            return ngettext(
                "%(points)s point for every %(amount)s",
                "%(points)s points for every %(amount)s",
                rule.points,
                points=points,
                amount=money(rule.per_minor, currency),
            )
        case RuleKind.PER_ORDER:
            return ngettext(
                "%(points)s point for every order",
                "%(points)s points for every order",
                rule.points,
                points=points,
            )
        case RuleKind.PER_UNIT:
            return ngettext(
                "%(points)s point for every item",
                "%(points)s points for every item",
                rule.points,
                points=points,
            )
        case RuleKind.NEW_CATEGORY:
            return ngettext(
                "%(points)s point for every kind of goods you try for the first time",
                "%(points)s points for every kind of goods you try for the first time",
                rule.points,
                points=points,
            )


def terms(reward: Reward, currency: str) -> str:
    """What to know before buying a reward; empty when there is nothing special."""
    parts = []
    if reward.kind is RewardKind.SLIDER:
        parts.append(
            gettext(
                "%(points)s points give %(amount)s off.",
                points=format_decimal(reward.cost_points),
                amount=money(reward.off_minor, currency),
            )
        )
    if reward.minimum_subtotal_minor:
        least = money(reward.minimum_subtotal_minor, currency)
        sentence = gettext("On orders from %(amount)s.", amount=least)
        # The sign of kroner ends in a stop of its own.
        parts.append(sentence.replace("..", "."))
    if reward.valid_days is not None:
        parts.append(
            ngettext(
                "The code is good for %(days)s day.",
                "The code is good for %(days)s days.",
                reward.valid_days,
                days=format_decimal(reward.valid_days),
            )
        )
    if reward.per_member is not None:
        parts.append(
            ngettext(
                "Can be had %(times)s time.",
                "Can be had %(times)s times.",
                reward.per_member,
                times=format_decimal(reward.per_member),
            )
        )
    return " ".join(parts)


_HISTORY = {
    Reason.ORDER: _("Order %(name)s"),
    Reason.ORDER_READY: _("Order %(name)s"),
    Reason.ORDER_REVERSED: _("Refund of order %(name)s"),
    Reason.ORDER_RESTORED: _("Order %(name)s counts again"),
    Reason.ORDER_MOVED: _("Order %(name)s belongs to somebody else"),
    Reason.JOIN: _("Welcome"),
    Reason.ACTION: _("Thank you for taking part"),
    Reason.REDEEM: _("Redeemed: %(name)s"),
    Reason.SPEND: _("Used: %(name)s"),
    Reason.DONATE: _("Given away: %(name)s"),
    Reason.GIVE_BACK: _("Given back: %(name)s"),
    Reason.SPENT_RETURN: _("Back from a refund: %(name)s"),
    Reason.EXPIRE: _("Expired"),
    Reason.ADJUST: _("Adjusted by the shop"),
    Reason.MERGE: _("From your other profile"),
    Reason.IMPORT: _("From %(name)s"),
}


def history_sentence(change: Change, rewards: Mapping[str, str], notes: Mapping[str, str]) -> str:
    """What happened, in a few words; `rewards` names the redemptions that are known.

    `notes` are what the shop wrote about adjustments, for its customer to read.
    """
    if change.key in notes:
        return notes[change.key]
    name = rewards.get(change.redemption_id or "", change.note)
    return str(_HISTORY[Reason(change.reason)]).replace("%(name)s", name)
