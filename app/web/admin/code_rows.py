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
    # Words are looked up once for a list, and not for each of its rows.
    looks, platform = _looks(), _on_platform()
    return [
        _code_row(one, looks[one.state], platform.get(one.state, ""), again.get(one.id, ""))
        for one in redemptions
    ]


def _again(owed: Owed, at: datetime) -> str:
    if owed.next_try_at is None:
        return str(_("Tried %(times)s times. Now it is up to you.", times=number(owed.tries)))
    if owed.next_try_at <= at:
        return ""
    return str(_("Given again by itself on %(moment)s.", moment=moment(owed.next_try_at)))


def _code_row(redemption: Redemption, look: tuple[str, str], platform: str, again: str) -> CodeRow:
    return CodeRow(
        redemption=redemption,
        reward=name_of(redemption),
        cost=points(redemption.cost_points),
        state=look[0],
        look=look[1],
        platform=platform,
        cancelable=redemption.state == RedemptionState.READY,
        to_do=redemption.state == RedemptionState.WAITING,
        owed=redemption.is_owed,
        again=again,
    )


def _looks() -> dict[str, tuple[str, str]]:
    """Each state in words, and how it looks."""
    return {
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


def _on_platform() -> dict[str, str]:
    """What is true of a code on the platform, where there is something to say."""
    return {
        RedemptionState.ISSUING: _("Not known in your shop yet"),
        RedemptionState.READY: _("Works in your shop"),
        RedemptionState.CANCELING: _("Still works until your shop ends it"),
        RedemptionState.EXPIRING: _("Still works until your shop ends it"),
        RedemptionState.CANCELED: _("Ended in your shop"),
        RedemptionState.EXPIRED: _("Ended in your shop"),
        RedemptionState.FAILED: _("Your shop would not make it"),
    }
