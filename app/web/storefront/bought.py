"""What a shopper sees of the rewards they have bought: the code, how far it is, where to use it."""

from typing import Any

from app.domain.rewards import RewardKind, Way
from app.models.redemption import Redemption, RedemptionState
from app.web import parts
from app.web.languages import locale_of_request
from app.web.storefront.codes import shown_code
from app.web.storefront.wordings import day_of

# For a shopper, a code whose time is over is as good as undone: its points are on their way back.
# What the merchant has to do is on its way, and what was given is as good as used.
_SHOWN_AS = {
    RedemptionState.EXPIRING: RedemptionState.CANCELING,
    RedemptionState.WAITING: RedemptionState.ISSUING,
    RedemptionState.DONE: RedemptionState.USED,
}


def shown_state(redemption: Redemption) -> RedemptionState:
    """How far a redemption is, in the widget's words: a gift card that exists is to be used.

    What a tier promised and the platform has refused is still on its way.
    """
    state = RedemptionState(redemption.state)
    if redemption.is_owed:
        return RedemptionState.ISSUING
    if state is RedemptionState.DONE and redemption.kind == RewardKind.GIFT_CARD:
        return RedemptionState.READY
    return _SHOWN_AS.get(state, state)


def redemption_view(redemption: Redemption) -> dict[str, Any]:
    """A reward that was bought, and its code; `apply` is where the shop takes it by itself."""
    return {
        "id": str(redemption.id),
        "code": shown_code(redemption),
        "reward": name_of(redemption),
        "state": shown_state(redemption).value,
        "cost_points": redemption.cost_points,
        "expires_at": redemption.ends_at.isoformat() if redemption.ends_at else None,
        "last_day": day_of(redemption.ends_at) if redemption.ends_at else None,
        # Who undoes what they got for a tier would get nothing back.
        "cancelable": redemption.is_cancelable and redemption.cost_points > 0,
        "apply": _apply_path(redemption),
    }


def _apply_path(redemption: Redemption) -> str | None:
    if redemption.way is not Way.CODE or redemption.state != RedemptionState.READY:
        return None
    return parts.platform().apply_path(redemption.code)


def name_of(redemption: Redemption) -> str:
    """What was bought, as it was called then."""
    names: dict[str, str] = redemption.name
    found = names.get(locale_of_request()) or names.get("en")
    return found or next(iter(names.values()), redemption.code)
