"""Post transfers: the one way in which points move."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import holding
from app.models.member import Member
from app.models.transfer import add_transfers, transfers_of

ACTIVITY = (Reason.ORDER, Reason.REDEEM, Reason.SPEND, Reason.DONATE)
"""What keeps a balance from ending by inactivity, besides points that arrive: those would be gone
before anybody saw them."""


def post(session: Session, member: Member, transfers: Sequence[Transfer]) -> None:
    """Add transfers to a locked member's ledger and bring the cached sums up to date.

    A key that the shop has already fails on the database's own constraint, and with it everything
    that was to happen in the same transaction.
    """
    add_transfers(
        session,
        member.shop_id,
        [
            (member.id, member.transfers + position, transfer)
            for position, transfer in enumerate(transfers, start=1)
        ],
    )
    for transfer in transfers:
        member.transfers += 1
        member.available += transfer.change_of(Account.AVAILABLE)
        member.pending += transfer.change_of(Account.PENDING)
        member.held += transfer.change_of(Account.HELD)
        if transfer.target is Account.AVAILABLE or transfer.reason in ACTIVITY:
            member.active_at = transfer.occurred_at
    if member.next_expiry_at is not None or any(one.expires_at for one in transfers):
        _look_ahead(session, member)


def _look_ahead(session: Session, member: Member) -> None:
    """Note what expires next. Only who has points that expire pays for the replay."""
    session.flush()
    held = holding(transfers_of(session, member.shop_id, member.id))
    expiry = held.next_expiry
    member.next_expiry_at, member.next_expiry_points = expiry if expiry else (None, 0)
