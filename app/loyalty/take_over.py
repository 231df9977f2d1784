"""Take over what waited for a guest: an import knew them by an e-mail address, before they came."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.ledger import Reason
from app.loyalty.expire import expire_over
from app.loyalty.measure import measure, rank_all
from app.loyalty.move_person import move_person
from app.loyalty.post import written_at_once
from app.loyalty.take_back import given_under, opposite, take_back
from app.models.member import Member, ids_by_customer
from app.models.program import Programs
from app.models.shop import Shop
from app.models.transfer import TransferRow, ledgers_of

MOVED = "moved"


def take_over_guests(
    session: Session,
    shop: Shop,
    customers: Mapping[str, str | None],
    programs: Programs,
    *,
    at: datetime,
) -> None:
    """Give customers who go by a keyed hash now what an import left with the guest of that hash.

    What orders earned is not moved here: those are settled again, and theirs from then on.
    """
    hashes = {hashed: customer_id for customer_id, hashed in customers.items() if hashed}
    # Asked of each guest: a shop's transfers are far too many to be looked through.
    is_imported = exists().where(
        TransferRow.shop_id == shop.id,
        TransferRow.member_id == Member.id,
        TransferRow.reason == Reason.IMPORT,
    )
    query = select(Member.id, Member.email_hash).where(
        Member.shop_id == shop.id,
        Member.customer_id.is_(None),
        Member.email_hash.in_(hashes),
        is_imported | Member.floor_tier.is_not(None),
    )
    guests = {guest: hashes[str(hashed)] for guest, hashed in session.execute(query).all()}
    if not guests:
        return
    ids = ids_by_customer(session, shop.id, guests.values())
    locked = expire_over(session, shop, {*guests, *ids.values()}, at=at)
    ledgers = ledgers_of(session, shop.id, guests)
    with written_at_once(session) as posting:
        for guest_id, customer_id in guests.items():
            guest, member = locked[guest_id], locked[ids[customer_id]]
            moved = take_back(posting, guest, given_under(ledgers[guest_id]), MOVED, at=at)
            there = [opposite(given, -change, f"{MOVED}-here", at=at) for given, change in moved]
            posting.add(member, there)
            move_person(session, guest, member)
    taking = [locked[ids[customer_id]] for customer_id in guests.values()]
    measured = measure(session, shop.id, [one.id for one in taking], programs, (at, at))
    rank_all(session, taking, measured, programs.at(at).tiers, at=at)
