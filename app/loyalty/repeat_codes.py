"""Repeat the journaled facts about redemptions: what was bought or given, and what became of it."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from app.loyalty.cancel import cancel, end_codes
from app.loyalty.fulfill import fulfill
from app.loyalty.give_again import give_again
from app.loyalty.hand_out import Handed
from app.loyalty.lose_pool import make_anew
from app.loyalty.note_code import (
    code_is_dead,
    code_is_in_doubt,
    code_is_ready,
    code_is_refused,
    code_was_used,
    gift_is_given,
)
from app.loyalty.redeem import redeem
from app.models.fact import FactKind, FactRow
from app.models.member import Member
from app.models.redemption import Redemption, redemption_by_id
from app.models.shop import Shop


def _redeemed(session: Session, shop: Shop, fact: FactRow) -> None:
    body = fact.body
    member = session.get_one(Member, (shop.id, UUID(body["member"])))
    redeem(
        session,
        shop,
        customer_id=member.customer_id or "",
        reward_code=body["reward_code"],
        request_key=body["request_key"],
        code=body["code"],
        asked_points=body["asked_points"],
        handed=Handed.told(body),
        at=fact.at,
    )


def _canceled(session: Session, shop: Shop, fact: FactRow) -> None:
    customer_id = None
    if fact.body["by_customer"]:
        redemption = redemption_by_id(session, shop.id, _redemption(fact))
        customer_id = session.get_one(Member, (shop.id, redemption.member_id)).customer_id
    cancel(session, shop, _redemption(fact), customer_id=customer_id, at=fact.at)


def _fulfilled(session: Session, shop: Shop, fact: FactRow) -> None:
    fulfill(session, shop, _redemption(fact), done=set(fact.body["done"]), at=fact.at)


def _ready(session: Session, shop: Shop, fact: FactRow) -> None:
    code_is_ready(session, shop, _redemption(fact), fact.body.get("ref"), at=fact.at)


def _given(session: Session, shop: Shop, fact: FactRow) -> None:
    gift_is_given(session, shop, _redemption(fact), fact.body["ref"], at=fact.at)


def _given_again(session: Session, shop: Shop, fact: FactRow) -> None:
    give_again(session, shop, _redemption(fact), handed=Handed.told(fact.body), at=fact.at)


def _refused(session: Session, shop: Shop, fact: FactRow) -> None:
    code_is_refused(session, shop, _redemption(fact), error=fact.body["error"], at=fact.at)


def _in_doubt(session: Session, shop: Shop, fact: FactRow) -> None:
    code_is_in_doubt(session, shop, _redemption(fact), error=fact.body["error"], at=fact.at)


def _dead(session: Session, shop: Shop, fact: FactRow) -> None:
    code_is_dead(session, shop, _redemption(fact), at=fact.at)


def _used(session: Session, shop: Shop, fact: FactRow) -> None:
    code_was_used(session, shop, _redemption(fact), at=fact.at)


def _codes_over(session: Session, shop: Shop, fact: FactRow) -> None:
    end_codes(session, shop, _redemptions(session, shop, fact), at=fact.at)


def _codes_lost(session: Session, shop: Shop, fact: FactRow) -> None:
    make_anew(session, shop, _redemptions(session, shop, fact), at=fact.at)


def _redemptions(session: Session, shop: Shop, fact: FactRow) -> list[Redemption]:
    return [redemption_by_id(session, shop.id, UUID(one)) for one in fact.body["redemptions"]]


def _redemption(fact: FactRow) -> UUID:
    return UUID(fact.body["redemption"])


OF_CODES: dict[FactKind, Callable[[Session, Shop, FactRow], None]] = {
    FactKind.REDEEMED: _redeemed,
    FactKind.CANCELED: _canceled,
    FactKind.GIVEN_AGAIN: _given_again,
    FactKind.FULFILLED: _fulfilled,
    FactKind.READY: _ready,
    FactKind.GIVEN: _given,
    FactKind.REFUSED: _refused,
    FactKind.IN_DOUBT: _in_doubt,
    FactKind.DEAD: _dead,
    FactKind.USED: _used,
    FactKind.CODES_OVER: _codes_over,
    FactKind.CODES_LOST: _codes_lost,
}
