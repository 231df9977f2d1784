"""What a program needs and the shop has not granted: rewards that are held back until it has."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.program import Program
from app.domain.rewards import Reward
from app.models.base import ShopId
from app.models.program import Programs, latest_number
from app.models.shop import Credential, Shop
from app.web import parts


def withheld(session: Session, shop_id: ShopId, program: Program) -> list[Reward]:
    """The rewards that could not be given as things stand; usually none."""
    granted = _granted(session, shop_id)
    return [reward for reward in program.rewards if _missing(granted, [reward])]


def missing_scopes(session: Session, shop_id: ShopId, program: Program) -> tuple[str, ...]:
    """What the merchant has yet to grant for all rewards of a program."""
    return _missing(_granted(session, shop_id), program.rewards)


def missing_for_balances(session: Session, shop: Shop) -> tuple[str, ...]:
    """What the merchant has yet to grant for the theme to print balances by itself.

    Nothing where a script brings the widget: there the theme prints nothing.
    """
    if shop.widget_injected:
        return ()
    return parts.platform().missing_for_balances(_granted(session, shop.id))


def withheld_at(session: Session, shop_id: ShopId, *, at: datetime) -> list[str]:
    """The codes of the rewards that could not be given at an instant, and so are not sold."""
    if not latest_number(session, shop_id):
        return []
    program = Programs(session, shop_id).at(at)
    return [reward.code for reward in withheld(session, shop_id, program)]


def _granted(session: Session, shop_id: ShopId) -> list[str]:
    credential = session.get(Credential, shop_id)
    return credential.scopes.split(",") if credential is not None else []


def _missing(granted: Sequence[str], rewards: Sequence[Reward]) -> tuple[str, ...]:
    # Asked of no reward, the platform would say what every shop has to grant.
    return parts.platform().missing_scopes(granted, rewards) if rewards else ()
