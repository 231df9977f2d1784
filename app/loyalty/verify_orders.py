"""Verify what is kept with a shop's orders, against the ledger and against what they give."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.domain.settlement import Position, order_position
from app.loyalty.settle_order import standing_of
from app.loyalty.watched import Watched, chunks
from app.models.base import ShopId
from app.models.books import ORDER_SUMS, orders_without_transfers, unlike_orders
from app.models.order import OrderRecord
from app.models.order_document import award_from, order_from
from app.models.program import Programs
from app.models.purchase import orders_by_id
from app.models.shop import Shop


def wrong_orders(session: Session, shop: Shop, watched: Watched) -> Iterator[str]:
    """A sentence for each difference."""
    programs = Programs(session, shop.id)
    yield from _against_the_ledger(session, shop.id)
    query = select(*_ASKED).where(OrderRecord.shop_id == shop.id).order_by(OrderRecord.order_id)
    records = session.execute(query.execution_options(yield_per=1000))
    for chunk in watched.chunks(iter(records)):
        for record in chunk:
            yield from _against_its_award(record, programs)
    for order_id in orders_without_transfers(session, shop.id):
        yield f"Order {order_id} has points without a single transfer."


_ASKED = (
    *(OrderRecord.order_id, OrderRecord.member_id, OrderRecord.facts, OrderRecord.award_facts),
    *(OrderRecord.deleted_at, OrderRecord.wiped, OrderRecord.entry, OrderRecord.forgiven),
    *ORDER_SUMS.values(),
)
"""What is asked of every order: as columns, since there may be millions."""


def _against_the_ledger(session: Session, shop_id: ShopId) -> Iterator[str]:
    for chunk in chunks(unlike_orders(session, shop_id)):
        records = orders_by_id(session, shop_id, {order_id for _, order_id, _ in chunk})
        for member_id, order_id, sums in chunk:
            record = records.get(order_id)
            if record is None:
                yield f"The ledger has points of order {order_id}, which does not exist."
                continue
            for account, points in _kept(record, member_id).items():
                if sums[account] != points:
                    yield (
                        f"Order {order_id}: {account} is {sums[account]} by the ledger,"
                        f" {points} as kept for member {member_id}."
                    )


def _kept(record: OrderRecord, member_id: UUID) -> Position:
    """What a member should have of an order: who no longer has it, what was forgiven to them."""
    if record.member_id == member_id:
        return record.posted
    forgiven = int(record.forgiven_to.get(str(member_id), 0))
    return dict.fromkeys(record.posted, 0) | {
        Account.ISSUED: -forgiven,
        Account.AVAILABLE: forgiven,
    }


def _against_its_award(record: Any, programs: Programs) -> Iterator[str]:
    """What was posted for an order, against what follows from its award and its refunds."""
    posted = {account: getattr(record, kept.key) for account, kept in ORDER_SUMS.items()}
    if record.award_facts is None or record.member_id is None or record.facts is None:
        if any(posted.values()):
            yield f"Order {record.order_id} has points, and nothing that it gave them for."
        return
    award, order = award_from(record.award_facts), order_from(record.facts)
    if order.canceled_at is None and record.deleted_at is not None:
        order = replace(order, canceled_at=record.deleted_at)
    program = programs.revision(award.revision)
    wanted = order_position(
        award, order, program, at=order.updated_at, standing=standing_of(record)
    )
    gives, stays = _given_and_left(wanted)
    given, left = _given_and_left(posted)
    # What was forgiven beyond what is reversed by now was given for nothing, or waits to be left.
    beyond = max(0, record.forgiven - wanted[Account.REVERSED])
    for_nothing, waits = given - gives, stays - (left - record.forgiven)
    if min(for_nothing, waits) < 0 or for_nothing + waits != beyond:
        yield (
            f"Order {record.order_id}: gave {given} points, of which {left} are left; by its award"
            f" and its refunds it gives {gives}, and {stays} are left."
        )


def _given_and_left(position: Position) -> tuple[int, int]:
    places = (Account.PENDING, Account.AVAILABLE, Account.EXPIRED)
    return -position.get(Account.ISSUED, 0), sum(position.get(place, 0) for place in places)
