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
        "kind": [
            (RewardKind.AMOUNT_OFF.value, _("An amount off")),
            (RewardKind.PERCENT_OFF.value, _("A percentage off")),
            (RewardKind.FREE_SHIPPING.value, _("Free shipping")),
            (RewardKind.SLIDER.value, _("As much off as they have points for")),
            (RewardKind.GIFT_CARD.value, _("A gift card")),
            (RewardKind.STORE_CREDIT.value, _("Store credit")),
            (RewardKind.BY_HAND.value, _("A gift or experience by hand")),
            (RewardKind.SUPPORT.value, _("A perk of service")),
            (RewardKind.DONATION.value, _("A donation")),
            *_written_only(program),
        ],
        "tier": [
            (tier.code, tier.name.in_locale(language().language)) for tier in program.tiers.ladder
        ],
    }


def _written_only(program: Program) -> list[tuple[str, str]]:
    """Kinds that need products or a tag, which only the program as text can name."""
    names = {
        RewardKind.FREE_PRODUCT: _("A free product"),
        RewardKind.EXCLUSIVE: _("An exclusive product or early access"),
    }
    used = {reward.kind for reward in program.rewards}
    return [(kind.value, name) for kind, name in names.items() if kind in used]
