"""Enroll customers as members, welcome them, and let guests' points wait for them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.earning import why_none
from app.domain.errors import UnknownMember
from app.domain.ledger import Account, Reason, Transfer
from app.domain.order import Order
from app.domain.settlement import expires_at
from app.loyalty.post import written_at_once
from app.loyalty.take_over import take_over_guests
from app.models.member import (
    Member,
    guest_of,
    ids_by_customer,
    ids_by_email,
    lock_members,
)
from app.models.newcomer import add_members
from app.models.order import lock_orders, orders_of_guests
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import taken_keys


def enroll(
    session: Session,
    shop: Shop,
    customers: Mapping[str, str | None],
    programs: Programs,
    *,
    at: datetime,
) -> list[str]:
    """Make members of those customers who are none yet: customer id to keyed hash of the e-mail.

    Returns the orders they placed as guests, which are to be settled again: they are theirs now.
    Enrolling somebody twice changes nothing.
    """
    known = ids_by_customer(session, shop.id, customers)
    new = {
        customer_id: hashed for customer_id, hashed in customers.items() if customer_id not in known
    }
    if not new:
        return []
    hashes = {hashed for hashed in new.values() if hashed is not None}
    percent = programs.at(at).holdout_percent
    # Who was here before, as a guest or by another name, has something to lose.
    met = ids_by_email(session, shop.id, hashes) if percent and hashes else {}
    for share, wanted in (
        (percent, [(key, one, None) for key, one in sorted(new.items()) if one not in met]),
        (0, [(key, one, None) for key, one in sorted(new.items()) if one in met]),
    ):
        add_members(session, shop.id, wanted, at=at, holdout_percent=share)
    take_over_guests(session, shop, new, programs, at=at)
    _give_join_points(session, shop, new, programs, at=at)
    return orders_of_guests(session, shop.id, hashes) if hashes else []


def _give_join_points(
    session: Session, shop: Shop, joined: Collection[str], programs: Programs, *, at: datetime
) -> None:
    """Points for these customers for joining, once for each, as of when they did."""
    number = programs.number_at(at)
    program = programs.revision(number)
    if not program.is_open or not program.join_points:
        return
    ids = ids_by_customer(session, shop.id, joined)
    locked = lock_members(session, shop.id, ids.values())
    given = taken_keys(session, shop.id, [_join_key(member) for member in locked.values()])
    with written_at_once(session) as posting:
        for member in locked.values():
            if _join_key(member) not in given and not member.is_held_out(program):
                transfer = Transfer(
                    key=_join_key(member),
                    source=Account.ISSUED,
                    target=Account.AVAILABLE,
                    points=program.join_points,
                    # Now, but for those who are replayed with others who came before them.
                    occurred_at=member.joined_at,
                    reason=Reason.JOIN,
                    revision=number,
                    expires_at=expires_at(program.expiry, member.joined_at, shop.zone),
                )
                posting.add(member, [transfer])


def _join_key(member: Member) -> str:
    # Not the customer's id: the ledger keeps its keys for good, and people can be forgotten.
    return f"join:{member.id}"


def know_email(
    session: Session, shop: Shop, member: Member, email_hash: str, *, at: datetime
) -> list[str]:
    """Note by which keyed hash a member goes now; what an import left with its guest is theirs.

    Returns the orders that were placed as a guest under a new one, to be settled again. Raises
    UnknownMember for who was merged or forgotten while we waited for their lock.
    """
    customer_id = member.customer_id
    released = orders_of_guests(session, shop.id, [email_hash])
    was_guest = bool(released) or guest_of(session, shop.id, email_hash) is not None
    # Orders are locked before members.
    lock_orders(session, shop.id, released)
    member = lock_members(session, shop.id, [member.id])[member.id]
    if customer_id is None or member.customer_id != customer_id:
        raise UnknownMember("They were merged or forgotten in the meantime.")
    member.email_hash = email_hash
    if was_guest:
        # Who waits as a guest is on neither side of a holdout, and loses nothing by it.
        member.arm = None
    session.flush()
    programs = Programs(session, shop.id)
    take_over_guests(session, shop, {customer_id: email_hash}, programs, at=at)
    return released


def welcome_guests(
    session: Session, shop: Shop, orders: Sequence[Order], programs: Programs, *, at: datetime
) -> None:
    """Open a place where the points of new guests wait, for those whose orders can earn any."""
    wanted = _waiting_until(orders, programs)
    known = ids_by_email(session, shop.id, wanted) if wanted else {}
    new = [(None, hashed, until) for hashed, until in sorted(wanted.items()) if hashed not in known]
    add_members(session, shop.id, new, at=at)


def keep_guests(members: Iterable[Member], orders: Sequence[Order], programs: Programs) -> None:
    """Let the points of locked members wait: a guest who orders again has as long again."""
    wanted = _waiting_until(orders, programs)
    for member in members:
        if member.guest_until is not None and member.email_hash in wanted:
            member.guest_until = max(member.guest_until, wanted[member.email_hash])


def _waiting_until(orders: Sequence[Order], programs: Programs) -> dict[str, datetime]:
    """How long points wait for the guests of these orders, by keyed hash."""
    wanted: dict[str, datetime] = {}
    for order in orders:
        if order.customer_id is None and order.email_hash is not None:
            program = programs.at(counting_from(order))
            if why_none(order, program) is None:
                until = order.placed_at + timedelta(days=program.guest_days)
                wanted[order.email_hash] = max(until, wanted.get(order.email_hash, until))
    return wanted


def counting_from(order: Order) -> datetime:
    """The end of the second in which an order was placed: platforms' clocks have whole seconds."""
    return order.placed_at.replace(microsecond=0) + timedelta(microseconds=999_999)
