"""Verify what is kept with a shop's orders, against the ledger and against what they give."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.domain.settlement import Position, order_position
from app.loyalty.settle_order import standing_of
from app.models.base import ShopId
from app.models.order import OrderRecord
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import TransferRow, sums_by_order

CHUNK = 500
One = TypeVar("One")


def wrong_orders(session: Session, shop: Shop) -> Iterator[str]:
    """A sentence for each difference."""
    programs = Programs(session, shop.id)
    yield from _against_the_ledger(session, shop.id)
    posted = select(TransferRow.order_id).where(
        TransferRow.shop_id == shop.id, TransferRow.order_id.is_not(None)
    )
    query = select(OrderRecord).where(OrderRecord.shop_id == shop.id)
    for record in session.scalars(query.execution_options(yield_per=CHUNK)):
        yield from _against_its_award(record, programs)
    for record in session.scalars(query.where(OrderRecord.order_id.not_in(posted))):
        if any(record.posted.values()):
            yield f"Order {record.order_id} has points without a single transfer."


def _against_the_ledger(session: Session, shop_id: ShopId) -> Iterator[str]:
    for chunk in chunks(sums_by_order(session, shop_id)):
        order_ids = {order_id for _, order_id, _ in chunk}
        query = select(OrderRecord).where(
            OrderRecord.shop_id == shop_id, OrderRecord.order_id.in_(order_ids)
        )
        records = {record.order_id: record for record in session.scalars(query)}
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


def _against_its_award(record: OrderRecord, programs: Programs) -> Iterator[str]:
    """What was posted for an order, against what follows from its award and its refunds."""
    award = record.award
    if award is None or record.member_id is None or record.order is None:
        if any(record.posted.values()):
            yield f"Order {record.order_id} has points, and nothing that it gave them for."
        return
    order = replace(record.order, canceled_at=record.order.canceled_at or record.deleted_at)
    program = programs.revision(award.revision)
    wanted = order_position(
        award, order, program, at=order.updated_at, standing=standing_of(record)
    )
    should = _given_and_left(wanted)
    given, left = _given_and_left(record.posted)
    if (given, left - record.forgiven) != should:
        yield (
            f"Order {record.order_id}: gave {given} points, of which {left} are left; by its award"
            f" and its refunds it gives {should[0]}, and {should[1]} are left."
        )


def _given_and_left(position: Position) -> tuple[int, int]:
    places = (Account.PENDING, Account.AVAILABLE, Account.EXPIRED)
    return -position.get(Account.ISSUED, 0), sum(position.get(place, 0) for place in places)


def chunks(rows: Iterator[One]) -> Iterator[list[One]]:
    """The rows in lists of bearable length."""
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
