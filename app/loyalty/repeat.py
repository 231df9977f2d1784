"""Repeat a journaled fact: the verb that it once was, with all that was decided by chance then."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.events import OrderChanged, OrderDeleted, OrderRefunded
from app.domain.holdout import Arm
from app.domain.products import ProductFacts
from app.loyalty.act import act
from app.loyalty.adjust import adjust
from app.loyalty.erase import erase_shop, make_nameless
from app.loyalty.expire import expire_over, forget
from app.loyalty.gather import OF_ORDERS, Together
from app.loyalty.go_live import wipe
from app.loyalty.join import join
from app.loyalty.learn_product import know_product
from app.loyalty.mature import mature_orders
from app.loyalty.merge import merge
from app.loyalty.publish import publish
from app.loyalty.repeat_codes import OF_CODES
from app.loyalty.repeat_import import bring_in_again, withdraw_again
from app.loyalty.retier import look_again
from app.loyalty.set_floor import set_floor
from app.loyalty.settle import Fact, OrderDue, settle
from app.models.fact import FactKind, FactRow
from app.models.fact_document import lengthened
from app.models.member import Member, lock_members
from app.models.order import lock_orders
from app.models.order_document import order_from, refund_from
from app.models.program_document import program_from
from app.models.replaying import Newcomer, Replay
from app.models.shop import Shop


def repeat(session: Session, shop: Shop, at_once: Sequence[Together], replay: Replay) -> None:
    """Do once more what facts once did that may be repeated at once; orders are settled together.

    Raises the refusal of a verb that does not let it happen again, and KeyError for a body that
    says too little.
    """
    orders: list[Fact] = []
    for fact in chain.from_iterable(at_once):
        kind = FactKind(fact.kind)
        if kind in OF_ORDERS:
            orders.append(_of_order(fact))
        elif kind is FactKind.ENTRY:
            place = fact.body["order"], fact.body["tier"]
            replay.entries.setdefault(place, []).append(fact.body)
        elif kind is FactKind.MEMBER:
            arm = Arm(fact.body["arm"]) if "arm" in fact.body else None
            told = Newcomer(UUID(fact.body["id"]), arm, fact.at)
            replay.newcomers[fact.customer_id, fact.email_hash] = told
        else:
            _repeat_one(session, shop, fact, kind)
    settle(session, shop, orders)


def _repeat_one(session: Session, shop: Shop, fact: FactRow, kind: FactKind) -> None:
    body, at = fact.body, fact.at
    if kind in _OF_MEMBERS:
        _OF_MEMBERS[kind](session, shop, _members(fact), at=at)
    elif kind in _OF_ORDER_LISTS:
        _OF_ORDER_LISTS[kind](session, shop, body["orders"], at=at)
    else:
        _OF_THEIR_OWN[kind](session, shop, fact)


def _of_order(fact: FactRow) -> Fact:
    body = fact.body
    match fact.kind:
        case FactKind.ORDER:
            order = order_from(lengthened(body, fact.customer_id, fact.email_hash))
            return Fact(OrderChanged(order), fact.at)
        case FactKind.REFUND:
            refund = refund_from(body["refund_id"], body)
            return Fact(OrderRefunded(body["order_id"], refund), fact.at)
        case FactKind.DELETED:
            return Fact(OrderDeleted(body["order_id"]), fact.at)
    return Fact(OrderDue(body["order_id"]), fact.at)


def _shop(_: Session, shop: Shop, fact: FactRow) -> None:
    body = fact.body
    shop.name, shop.currency, shop.timezone = body["name"], body["currency"], body["timezone"]


def _shop_erased(session: Session, shop: Shop, fact: FactRow) -> None:
    erase_shop(session, shop, at=fact.at)


def _program(session: Session, shop: Shop, fact: FactRow) -> None:
    program = program_from(fact.body["document"])
    effective_at = datetime.fromisoformat(fact.body["effective_at"])
    author = fact.body["author"]
    publish(session, shop, program, author=author, effective_at=effective_at, at=fact.at)


def _product(session: Session, shop: Shop, fact: FactRow) -> None:
    body = fact.body
    facts = ProductFacts(tuple(body["tags"]), tuple(body["collections"]), body["category"])
    know_product(session, shop, body["product_id"], facts, body["orders"], at=fact.at)


def _joined(session: Session, shop: Shop, fact: FactRow) -> None:
    assert fact.customer_id is not None, "Customers join, guests do not."
    join(session, shop, customer_id=fact.customer_id, email_hash=fact.email_hash, at=fact.at)


def _merged(session: Session, shop: Shop, fact: FactRow) -> None:
    gone = session.get_one(Member, (shop.id, UUID(fact.body["gone"])))
    assert fact.customer_id is not None, "Customers are merged."
    assert gone.customer_id is not None, "Customers are merged."
    merge(session, shop, kept_id=fact.customer_id, gone_id=gone.customer_id, at=fact.at)


def _erased(session: Session, shop: Shop, fact: FactRow) -> None:
    members = lock_members(session, shop.id, _members(fact)).values()
    records = lock_orders(session, shop.id, fact.body["orders"]).values()
    make_nameless(session, shop, members, records, at=fact.at)


def _acted(session: Session, shop: Shop, fact: FactRow) -> None:
    body = fact.body
    act(session, shop, UUID(body["member"]), body["action"], key=body["key"], at=fact.at)


def _adjusted(session: Session, shop: Shop, fact: FactRow) -> None:
    body, member_id = fact.body, UUID(fact.body["member"])
    facts = {"note": "", "key": body["key"]}
    adjust(session, shop, member_id, body["points"], **facts, at=fact.at)


def _floor(session: Session, shop: Shop, fact: FactRow) -> None:
    body, until = fact.body, fact.body["until"]
    member_id = UUID(body["member"])
    ends_at = datetime.fromisoformat(until) if until else None
    set_floor(session, shop, member_id, body["tier"], reason="", until=ends_at, at=fact.at)


def _members(fact: FactRow) -> list[UUID]:
    return [UUID(member_id) for member_id in fact.body["members"]]


_OF_MEMBERS = {
    FactKind.EXPIRED: expire_over,
    FactKind.RETIERED: look_again,
    FactKind.FORGOTTEN: forget,
}
_OF_ORDER_LISTS = {FactKind.WIPED: wipe, FactKind.MATURED: mature_orders}
_OF_THEIR_OWN: dict[FactKind, Callable[[Session, Shop, FactRow], None]] = {
    FactKind.SHOP: _shop,
    FactKind.SHOP_ERASED: _shop_erased,
    FactKind.PROGRAM: _program,
    FactKind.PRODUCT: _product,
    FactKind.JOINED: _joined,
    FactKind.MERGED: _merged,
    FactKind.ERASED: _erased,
    FactKind.ACTED: _acted,
    FactKind.ADJUSTED: _adjusted,
    FactKind.FLOOR: _floor,
    FactKind.IMPORTED: bring_in_again,
    FactKind.WITHDRAWN: withdraw_again,
    **OF_CODES,
}
