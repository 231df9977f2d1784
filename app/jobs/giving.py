"""Give what the platform gives in one act, or find out that it has: cards, credits and tags."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.issued import gift_card_code
from app.domain.rewards import RewardKind
from app.jobs.tools import Tools
from app.loyalty.note_code import code_is_dead, gift_is_given
from app.loyalty.settle_redemption import lock_redemption
from app.models.base import ShopId
from app.models.gift import credit_of, credits_of_others, gift_card_of, tag_is_needed
from app.models.member import Member
from app.models.redemption import Redemption, RedemptionState, redemption_by_id
from app.models.shop import Shop
from app.platforms.base import Connection, PlatformError


@dataclass(frozen=True, slots=True)
class _Gift:
    """A redemption as it is now, with what giving it takes."""

    redemption: Redemption
    customer_id: str | None
    card_code: str
    others: frozenset[str]
    tag_stays: bool


def give(
    tools: Tools, connection: Connection, shop_id: ShopId, redemption_id: UUID, *, now: datetime
) -> None:
    """Have the platform give it; that it is about to be given is written down first."""
    gift = _read(tools, shop_id, redemption_id)
    if gift.redemption.state != RedemptionState.ISSUING:
        return
    if gift.customer_id is None:
        raise PlatformError("The customer is gone from the shop.", permanent=True)
    if gift.redemption.tried_at is None:
        with tools.database.transaction() as session:
            redemption, _ = lock_redemption(session, shop_id, redemption_id)
            if redemption.state != RedemptionState.ISSUING:
                # The order that it was given for came back in the meantime.
                return
            redemption.tried_at = now
    ref = _give(connection, gift, gift.customer_id)
    with tools.database.transaction() as session:
        gift_is_given(session, session.get_one(Shop, shop_id), redemption_id, ref, at=now)


def take_back(
    tools: Tools, connection: Connection, shop_id: ShopId, redemption_id: UUID, *, now: datetime
) -> None:
    """End a tag; of a card or credit that may have been given, find out whether it was."""
    gift = _read(tools, shop_id, redemption_id)
    if gift.redemption.state not in (RedemptionState.CANCELING, RedemptionState.EXPIRING):
        return
    ref = _end_or_find(connection, gift, gift.customer_id) if gift.customer_id else None
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        if ref is None:
            code_is_dead(session, shop, redemption_id, at=now)
        else:
            gift_is_given(session, shop, redemption_id, ref, at=now)


def _read(tools: Tools, shop_id: ShopId, redemption_id: UUID) -> _Gift:
    with tools.database.reading() as session:
        shop = session.get_one(Shop, shop_id)
        redemption = redemption_by_id(session, shop_id, redemption_id)
        member = session.get_one(Member, (shop_id, redemption.member_id))
        return _Gift(
            redemption,
            member.customer_id,
            gift_card_code(tools.vault.code_letters, shop.domain, redemption_id),
            credits_of_others(session, redemption),
            bool(redemption.tag) and tag_is_needed(session, redemption),
        )


def _give(connection: Connection, gift: _Gift, customer_id: str) -> str | None:
    if gift.redemption.kind == RewardKind.GIFT_CARD:
        return connection.give_gift_card(gift_card_of(gift.redemption, customer_id, gift.card_code))
    if gift.redemption.kind == RewardKind.STORE_CREDIT:
        return connection.give_credit(credit_of(gift.redemption, customer_id, gift.others))
    connection.add_tag(customer_id, gift.redemption.tag)
    return None


def _end_or_find(connection: Connection, gift: _Gift, customer_id: str) -> str | None:
    """The platform's id of what turns out to be given; None when there is nothing any more.

    A tag stays on who has bought it twice, until the last of the times is over.
    """
    if gift.redemption.kind == RewardKind.GIFT_CARD:
        return connection.find_gift_card(gift_card_of(gift.redemption, customer_id, gift.card_code))
    if gift.redemption.kind == RewardKind.STORE_CREDIT:
        return connection.find_credit(credit_of(gift.redemption, customer_id, gift.others))
    if not gift.tag_stays:
        connection.remove_tag(customer_id, gift.redemption.tag)
    return None
