"""The settings of the program that are a choice between words."""

from flask_babel import gettext as _

from app.domain.program import (
    Availability,
    Debt,
    ExpiryKind,
    GuestPolicy,
    Program,
    Rounding,
    SpentReturn,
)
from app.domain.rewards import RewardKind
from app.domain.rules import ActionKind, ActionRule
from app.domain.tiers import Measure
from app.web.admin.formats import language
from app.web.admin.verdict import rounding_text

Choices = list[tuple[str, str]]


def choices(program: Program) -> dict[str, Choices]:
    """Every choice by the name of its input: values and words."""
    return {
        "rounding": [(kind.value, rounding_text(kind)) for kind in Rounding],
        "availability": [
            (Availability.AT_PAYMENT.value, _("When the order is paid")),
            (Availability.DAYS_AFTER_PAYMENT.value, _("Some days after payment")),
            (Availability.AT_FULFILLMENT.value, _("When the order is sent")),
        ],
        "guests": [
            (GuestPolicy.HOLD.value, _("Points wait until the guest joins")),
            (GuestPolicy.NOTHING.value, _("Guests earn nothing")),
        ],
        "spent_return": [
            (SpentReturn.PRORATED.value, _("They come back in proportion")),
            (SpentReturn.ONLY_FULL.value, _("They come back when all goods do")),
            (SpentReturn.NEVER.value, _("They do not come back")),
        ],
        "debt": [
            (Debt.OWE.value, _("The balance goes below 0; later points pay it")),
            (Debt.CLAMP.value, _("The balance stops at 0, and the rest is forgiven")),
        ],
        "expiry": [
            (ExpiryKind.NEVER.value, _("Never")),
            (ExpiryKind.PER_LOT_MONTHS.value, _("Some months after they were earned")),
            (ExpiryKind.PER_LOT_DAYS.value, _("Some days after they were earned")),
            (ExpiryKind.MONTH_END.value, _("At the end of a month, some months on")),
            (ExpiryKind.YEAR_END.value, _("At the end of the year")),
        ],
        "measure": [
            (Measure.SPEND.value, _("Goods bought")),
            (Measure.POINTS.value, _("Points earned")),
            (Measure.ORDERS.value, _("Number of orders")),
        ],
        "kind": [(kind.value, words) for kind, words in _kinds(program).items()],
        "deed": [(kind.value, words) for kind, words in _deeds().items()],
        "tier": [
            (tier.code, tier.name.in_locale(language().language)) for tier in program.tiers.ladder
        ],
    }


def deed_name(action: ActionRule) -> str:
    """A deed by the name it has, else by what it is."""
    if action.name is not None:
        return action.name.in_locale(language().language)
    return _deeds()[action.kind]


def _deeds() -> dict[ActionKind, str]:
    return {
        ActionKind.REVIEW: _("Write a review"),
        ActionKind.NEWSLETTER: _("Join the newsletter"),
        ActionKind.SOCIAL: _("Follow or share"),
        ActionKind.SURVEY: _("Answer a survey"),
        ActionKind.BIRTHDAY: _("Have a birthday"),
        ActionKind.CUSTOM: _("Something else"),
    }


def _kinds(program: Program) -> dict[RewardKind, str]:
    """What a reward gives; what needs products or a tag only where the program as text names it."""
    used = {reward.kind for reward in program.rewards}
    names = {
        RewardKind.AMOUNT_OFF: _("An amount off"),
        RewardKind.PERCENT_OFF: _("A percentage off"),
        RewardKind.FREE_SHIPPING: _("Free shipping"),
        RewardKind.SLIDER: _("As much off as they have points for"),
        RewardKind.GIFT_CARD: _("A gift card"),
        RewardKind.STORE_CREDIT: _("Store credit"),
        RewardKind.BY_HAND: _("A gift or experience by hand"),
        RewardKind.SUPPORT: _("A perk of service"),
        RewardKind.DONATION: _("A donation"),
        RewardKind.FREE_PRODUCT: _("A free product"),
        RewardKind.EXCLUSIVE: _("An exclusive product or early access"),
    }
    written_only = {RewardKind.FREE_PRODUCT, RewardKind.EXCLUSIVE} - used
    return {kind: words for kind, words in names.items() if kind not in written_only}
