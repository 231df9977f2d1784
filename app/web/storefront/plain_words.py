"""The program in plain words, read from its own document: half of all shoppers leave a program that
they do not understand.

Every sentence follows from a setting, so the page cannot promise what the ledger does not do.
"""

from flask_babel import format_decimal, gettext, ngettext
from flask_babel import lazy_gettext as _

from app.domain.program import (
    RETURNED_POINTS_LIVE_DAYS,
    Availability,
    ExpiryKind,
    GuestPolicy,
    Program,
    SpentReturn,
)
from app.domain.tiers import Loss, Measure, Tier, Tiers, Window
from app.web.languages import locale_of_request
from app.web.storefront.wordings import money

_MEASURES = {
    Measure.SPEND: _("What counts is how much you buy and keep."),
    Measure.POINTS: _("What counts is how many points you earn."),
    Measure.ORDERS: _("What counts is how many orders you place."),
    Measure.BALANCE: _("What counts is how many points you have."),
}
_WINDOWS = {
    Window.ROLLING_YEAR: _("The last 12 months count."),
    Window.CALENDAR_YEAR: _("Each calendar year counts by itself."),
    Window.LIFETIME: _("All your time with us counts."),
}
_SPENT_RETURN = {
    SpentReturn.PRORATED: _(
        "Points that you used on goods you return come back in proportion to what you return."
    ),
    SpentReturn.ONLY_FULL: _(
        "Points that you used on an order come back when you return all of it."
    ),
    SpentReturn.NEVER: _("Points that you used on an order do not come back when you return it."),
}


def good_to_know(program: Program) -> list[str]:
    """When points can be used, when they end, and what a return does to them."""
    return [
        _available(program),
        _ends(program),
        gettext("If you return something, the points it gave are taken back with it."),
        str(_SPENT_RETURN[program.spent_return]),
        gettext(
            "A code that you have not used can be given back. Its points come back, and live at"
            " least %(days)s days more.",
            days=format_decimal(RETURNED_POINTS_LIVE_DAYS),
        ),
        _guests(program),
    ]


def _available(program: Program) -> str:
    match program.availability:
        case Availability.AT_PAYMENT:
            return gettext("You can use your points as soon as the order is paid.")
        case Availability.AT_FULFILLMENT:
            return gettext("You can use your points when the order has been sent.")
        case Availability.DAYS_AFTER_PAYMENT:
            days = program.available_after_days
            return ngettext(
                "You can use your points %(days)s day after the order is paid.",
                "You can use your points %(days)s days after the order is paid.",
                days,
                days=format_decimal(days),
            )


def _ends(program: Program) -> str:
    count = program.expiry.count
    number = format_decimal(count)
    match program.expiry.kind:
        case ExpiryKind.NEVER:
            return gettext("Your points do not expire.")
        case ExpiryKind.PER_LOT_DAYS:
            return ngettext(
                "Points expire %(count)s day after you got them.",
                "Points expire %(count)s days after you got them.",
                count,
                count=number,
            )
        case ExpiryKind.PER_LOT_MONTHS:
            return ngettext(
                "Points expire %(count)s month after you got them.",
                "Points expire %(count)s months after you got them.",
                count,
                count=number,
            )
        case ExpiryKind.INACTIVITY_DAYS:
            return ngettext(
                "Your points expire when you neither earn nor use any for %(count)s day.",
                "Your points expire when you neither earn nor use any for %(count)s days.",
                count,
                count=number,
            )
        case ExpiryKind.INACTIVITY_MONTHS:
            return ngettext(
                "Your points expire when you neither earn nor use any for %(count)s month.",
                "Your points expire when you neither earn nor use any for %(count)s months.",
                count,
                count=number,
            )
        case ExpiryKind.MONTH_END:
            return ngettext(
                "Points expire at the end of a month, %(count)s month after you got them.",
                "Points expire at the end of a month, %(count)s months after you got them.",
                count,
                count=number,
            )
        case ExpiryKind.YEAR_END:
            return gettext("Points expire at the end of the year.")


def _guests(program: Program) -> str:
    if program.guests is GuestPolicy.NOTHING:
        return gettext("Log in before you buy: orders without a customer earn no points.")
    return ngettext(
        "If you buy without logging in, your points wait %(days)s day for you to join with the same"
        " e-mail address.",
        "If you buy without logging in, your points wait %(days)s days for you to join with the"
        " same e-mail address.",
        program.guest_days,
        days=format_decimal(program.guest_days),
    )


def tier_rows(program: Program) -> list[dict[str, str]]:
    """Each tier: its name, from where on, and what it is good for."""
    return [
        {
            "name": tier.name.in_locale(locale_of_request()),
            "from": threshold(program, tier.threshold),
            "gives": multiple(tier.earn_percent),
            "entry": ", ".join(_entry(program, tier)),
        }
        for tier in program.tiers.ladder
    ]


def _entry(program: Program, tier: Tier) -> list[str]:
    """What reaching a tier gives: points, and the reward of which it is the name."""
    reward = program.reward(tier.entry_reward) if tier.entry_reward is not None else None
    given = [bonus(tier.entry_points)] if tier.entry_points else []
    return given + ([reward.name.in_locale(locale_of_request())] if reward is not None else [])


def threshold(program: Program, measured: int) -> str:
    """So much of what tiers are measured in; nothing of it needs no unit."""
    if not measured:
        return format_decimal(0)
    match program.tiers.measure:
        case Measure.SPEND:
            return money(measured, program.currency)
        case Measure.ORDERS:
            return ngettext(
                "%(number)s order", "%(number)s orders", measured, number=format_decimal(measured)
            )
        case Measure.POINTS | Measure.BALANCE:
            return ngettext(
                "%(number)s point", "%(number)s points", measured, number=format_decimal(measured)
            )


def about_tiers(tiers: Tiers) -> list[str]:
    """What decides about a tier, and for how long it is kept."""
    if not tiers.ladder:
        return []
    about = [str(_MEASURES[tiers.measure])]
    if tiers.measure is not Measure.BALANCE:
        about.append(str(_WINDOWS[tiers.window]))
    return [*about, _kept(tiers)]


def _kept(tiers: Tiers) -> str:
    match tiers.loss:
        case Loss.NEVER:
            return gettext("A tier that you have reached is yours for good.")
        case Loss.AT_ONCE:
            return gettext("You keep a tier for as long as you meet what it asks.")
        case Loss.EVERY_DAYS:
            days = tiers.loss_days + tiers.grace_days
            return ngettext(
                "You keep a tier for at least %(days)s day.",
                "You keep a tier for at least %(days)s days.",
                days,
                days=format_decimal(days),
            )
        case Loss.AFTER_MONTHS:
            return ngettext(
                "You keep a tier for at least %(months)s month.",
                "You keep a tier for at least %(months)s months.",
                tiers.loss_months,
                months=format_decimal(tiers.loss_months),
            )
        case Loss.NEXT_YEAR_END:
            return gettext("You keep a tier at least until the end of the next calendar year.")


def multiple(percent: int) -> str:
    """So many times the points."""
    return gettext("%(times)s × the points", times=format_decimal(percent / 100))


def bonus(points: int) -> str:
    """So many points on top."""
    return ngettext(
        "%(points)s extra point", "%(points)s extra points", points, points=format_decimal(points)
    )
