"""Go live: shoppers see the program from now on, and what test orders earned is taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.program import Program
from app.loyalty.publish import amend
from app.loyalty.settle import Fact, OrderDue, settle
from app.models.fact import FactKind, journal
from app.models.order import OrderRecord, lock_orders
from app.models.program import program_in_force
from app.models.shop import Shop


def go_live(session: Session, shop: Shop, *, author: str, at: datetime) -> int:
    """Publish the program as live, and wipe the preview; a live program stays as it is.

    What is scheduled goes live, too, on its day. Returns the revision that is in force. Raises
    NoProgramYet while the shop is being connected.
    """
    number, program = program_in_force(session, shop.id, at=at)
    if program.live:
        return number
    number = amend(session, shop, lambda one: one.opened, author=author, at=at)
    _wipe_preview(session, shop, at=at)
    return number


def _wipe_preview(session: Session, shop: Shop, *, at: datetime) -> None:
    """Take back what test orders earned: only in a preview do they earn anything."""
    query = select(OrderRecord.order_id).where(
        OrderRecord.shop_id == shop.id,
        OrderRecord.posted_issued < 0,
        OrderRecord.wiped.is_(False),
        # Asked of the database: a shop that was live before has all its real orders beside these.
        OrderRecord.facts["test"].as_boolean().is_(True),
    )
    wipe(session, shop, list(session.scalars(query.order_by(OrderRecord.order_id))), at=at)


def wipe(session: Session, shop: Shop, order_ids: Sequence[str], *, at: datetime) -> None:
    """Take back what these orders have earned."""
    if not order_ids:
        return
    for record in lock_orders(session, shop.id, order_ids).values():
        record.wiped = True
    session.flush()
    settle(session, shop, [Fact(OrderDue(order_id), at) for order_id in order_ids])
    journal(session, shop.id, FactKind.WIPED, {"orders": list(order_ids)}, at=at)


def pause(session: Session, shop: Shop, *, author: str, at: datetime) -> int:
    """Have nobody earn or spend until the program goes on; points stay where they are.

    What is scheduled is paused, too, when its day comes. A program that is not live, or is paused
    already, stays as it is. Returns the revision in force.
    """
    return _paused(session, shop, is_paused=True, author=author, at=at)


def resume(session: Session, shop: Shop, *, author: str, at: datetime) -> int:
    """Let a paused program go on; any other stays as it is. Returns the revision in force."""
    return _paused(session, shop, is_paused=False, author=author, at=at)


def _paused(session: Session, shop: Shop, *, is_paused: bool, author: str, at: datetime) -> int:
    number, program = program_in_force(session, shop.id, at=at)
    if not program.live or program.paused == is_paused:
        return number

    def changed(one: Program) -> Program:
        # A scheduled preview stays what it is: only what is live can be paused.
        return replace(one, paused=is_paused) if one.live else one

    return amend(session, shop, changed, author=author, at=at)
