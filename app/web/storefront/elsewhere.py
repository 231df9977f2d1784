"""What somebody reads who logs in with an account that was merged into another one of theirs."""

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.departed import departures, mark_of
from app.models.member import Member


def elsewhere_sentence(
    session: Session, shop_id: ShopId, customer_id: str, member: Member | None
) -> str | None:
    """Where a customer's points are who has none here any more; None for everybody else.

    They would think that their points are lost. Which account it is they know themselves.
    """
    if member is not None:
        return None
    mark = mark_of(customer_id)
    departed = departures(session, shop_id, [mark]).get(mark)
    if departed is None or departed.kept_id is None:
        return None
    return gettext("Your points are with your other account. Log in with that one to use them.")
