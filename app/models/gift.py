"""What the platform gives for a redemption in one act: a gift card, a credit, a tag."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.issued import Credit, GiftCard
from app.models.redemption import Redemption, RedemptionState


def gift_card_of(redemption: Redemption, customer_id: str, code: str) -> GiftCard:
    """The gift card as it shall exist on the platform; its code is kept nowhere."""
    return GiftCard(
        code=code,
        note=f"Stamkunde {redemption.code}",
        customer_id=customer_id,
        worth_minor=redemption.off_minor,
        currency=redemption.currency,
        ends_at=redemption.ends_at,
    )


def credit_of(redemption: Redemption, customer_id: str, others: frozenset[str]) -> Credit:
    """The credit as the platform shall give it."""
    return Credit(
        customer_id=customer_id,
        worth_minor=redemption.off_minor,
        currency=redemption.currency,
        ends_at=redemption.ends_at,
        tried_at=redemption.tried_at,
        others=others,
    )


def credits_of_others(session: Session, redemption: Redemption) -> frozenset[str]:
    """The platform's ids of what it has given the same member for other redemptions."""
    query = select(Redemption.given_ref).where(
        Redemption.shop_id == redemption.shop_id,
        Redemption.member_id == redemption.member_id,
        Redemption.id != redemption.id,
        Redemption.given_ref.is_not(None),
    )
    return frozenset(ref for ref in session.scalars(query) if ref)


def tag_is_needed(session: Session, redemption: Redemption) -> bool:
    """Whether the member has another redemption whose time is not over with the same tag."""
    query = select(Redemption.id).where(
        Redemption.shop_id == redemption.shop_id,
        Redemption.member_id == redemption.member_id,
        Redemption.id != redemption.id,
        Redemption.tag == redemption.tag,
        Redemption.state.in_([RedemptionState.ISSUING, RedemptionState.DONE]),
    )
    return session.scalars(query.limit(1)).first() is not None
