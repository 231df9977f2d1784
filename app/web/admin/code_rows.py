"""What members bought and its codes, as a member's page and the list of all codes show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.models.redemption import Redemption, RedemptionState
from app.models.redemption_figures import Owed, owed_rewards
from app.models.shop import Shop
from app.web.admin.formats import moment, number, points
from app.web.storefront.bought import name_of


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A redemption with its code and how far it is."""

    redemption: Redemption
    reward: str
    cost: str
    state: str
    look: str
    platform: str
    """What is true of its code on the platform."""
    cancelable: bool
    to_do: bool
    owed: bool
    again: str
    """Of what is owed, whether and when it is given again by itself."""


def code_rows(
    session: Session, shop: Shop, redemptions: Sequence[Redemption], *, at: datetime
) -> list[CodeRow]:
    """Redemptions in words, in the order in which they come."""
    ids = [redemption.id for redemption in redemptions if redemption.is_owed]
    owed = owed_rewards(session, shop.id, among=ids) if ids else []
    again = {one.redemption.id: _again(one, at) for one in owed}
    return [_code_row(redemption, again.get(redemption.id, "")) for redemption in redemptions]


def _again(owed: Owed, at: datetime) -> str:
    if owed.next_try_at is None:
        return str(_("Tried %(times)s times. Now it is up to you.", times=number(owed.tries)))
    if owed.next_try_at <= at:
        return ""
    return str(_("Given again by itself on %(moment)s.", moment=moment(owed.next_try_at)))


def _code_row(redemption: Redemption, again: str) -> CodeRow:
    found = RedemptionState(redemption.state)
    state, look = _state_and_look(found)
    return CodeRow(
        redemption=redemption,
        reward=name_of(redemption),
        cost=points(redemption.cost_points),
        state=state,
        look=look,
        platform=_on_platform(found),
        cancelable=found is RedemptionState.READY,
        to_do=found is RedemptionState.WAITING,
        owed=redemption.is_owed,
        again=again,
    )


def _state_and_look(state: RedemptionState) -> tuple[str, str]:
    words = {
        RedemptionState.ISSUING: (_("Being made"), "waiting"),
        RedemptionState.READY: (_("Ready to use"), "good"),
        RedemptionState.USED: (_("Used"), "quiet"),
        RedemptionState.WAITING: (_("Yours to do"), "waiting"),
        RedemptionState.DONE: (_("Given"), "quiet"),
        RedemptionState.CANCELING: (_("Being undone"), "waiting"),
        RedemptionState.EXPIRING: (_("Running out"), "waiting"),
        RedemptionState.CANCELED: (_("Undone"), "quiet"),
        RedemptionState.EXPIRED: (_("Expired"), "quiet"),
        RedemptionState.FAILED: (_("Failed"), "bad"),
    }
    return words[state]


def _on_platform(state: RedemptionState) -> str:
    words = {
        RedemptionState.ISSUING: _("Not known in your shop yet"),
        RedemptionState.READY: _("Works in your shop"),
        RedemptionState.CANCELING: _("Still works until your shop ends it"),
        RedemptionState.EXPIRING: _("Still works until your shop ends it"),
        RedemptionState.CANCELED: _("Ended in your shop"),
        RedemptionState.EXPIRED: _("Ended in your shop"),
        RedemptionState.FAILED: _("Your shop would not make it"),
    }
    return str(words.get(state, ""))
