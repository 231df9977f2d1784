"""Fulfill by hand what a member bought: a list of steps, and done when all of them are."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.errors import NotFulfillable
from app.domain.sentence import Sentence as _
from app.loyalty.settle_redemption import lock_redemption, spend
from app.models.fact import FactKind, journal
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop


def fulfill(
    session: Session, shop: Shop, redemption_id: UUID, *, done: Collection[int], at: datetime
) -> Redemption:
    """Note which steps are done, by their positions; with the last one the points are spent.

    Saying again that all is done changes nothing. Raises UnknownRedemption, and NotFulfillable for
    what is not the merchant's to do, or not any more.
    """
    redemption, member = lock_redemption(session, shop.id, redemption_id)
    steps = [step | {"done": place in done} for place, step in enumerate(redemption.steps)]
    if redemption.state == RedemptionState.DONE and steps == redemption.steps:
        return redemption
    if redemption.state != RedemptionState.WAITING:
        raise NotFulfillable(_("There is nothing to do for {code}.").format(code=redemption.code))
    redemption.checklist = {"steps": steps}
    if all(step["done"] for step in steps):
        redemption.state = RedemptionState.DONE
        redemption.given_at = at
        spend(session, member, redemption, at=at)
    fact = {"redemption": str(redemption_id), "done": sorted(done)}
    journal(session, shop.id, FactKind.FULFILLED, fact, at=at)
    return redemption
