"""Post transfers: the one way in which points move."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import holding, next_expiry_after
from app.models.base import ShopId
from app.models.member import Member
from app.models.transfer import add_transfers, ledgers_of

ACTIVITY = (Reason.ORDER, Reason.REDEEM, Reason.SPEND, Reason.DONATE)
"""What keeps a balance from ending by inactivity, besides points that arrive: those would be gone
before anybody saw them."""

CACHED = (Account.AVAILABLE, Account.PENDING, Account.HELD)
"""The accounts whose sums a member's row keeps, each in the column of its name."""


class Posting:
    """Transfers that are decided and not yet written, so that a batch is written at once."""

    def __init__(self) -> None:
        self._numbered: list[tuple[UUID, int, Transfer]] = []
        self._replayed: dict[UUID, Member] = {}
        self._shop_id: ShopId | None = None

    def add(self, member: Member, transfers: Sequence[Transfer]) -> None:
        """Add transfers to a locked member's ledger and bring the cached sums up to date."""
        assert self._shop_id in (None, member.shop_id), "A posting is of one shop."
        self._shop_id = member.shop_id
        self._look_ahead(member, transfers)
        for transfer in transfers:
            member.transfers += 1
            self._numbered.append((member.id, member.transfers, transfer))
            for account in CACHED:
                if change := transfer.change_of(account):
                    setattr(member, account, getattr(member, account) + change)
            if transfer.target is Account.AVAILABLE or transfer.reason in ACTIVITY:
                member.active_at = transfer.occurred_at

    def _look_ahead(self, member: Member, transfers: Sequence[Transfer]) -> None:
        """Note what expires next; whose lots are taken from is replayed when all is written."""
        arrives = all(one.change_of(Account.AVAILABLE) >= 0 for one in transfers)
        if member.id in self._replayed:
            return
        if arrives and member.available >= 0:
            member.next_expiry = next_expiry_after(member.next_expiry, transfers)
        elif member.next_expiry_at is not None or any(one.expires_at for one in transfers):
            self._replayed[member.id] = member

    def write(self, session: Session) -> None:
        """Write what was added.

        A key that the shop has already fails on the database's own constraint, and with it
        everything that was to happen in the same transaction.
        """
        if self._shop_id is None:
            return
        # Nothing of it asks for what else has changed, which is written once, later.
        with session.no_autoflush:
            add_transfers(session, self._shop_id, self._numbered)
            if self._replayed:
                self._replay(session, self._shop_id)

    def _replay(self, session: Session, shop_id: ShopId) -> None:
        ledgers = ledgers_of(session, shop_id, self._replayed)
        for member in self._replayed.values():
            member.next_expiry = holding(ledgers[member.id]).next_expiry


@contextmanager
def written_at_once(session: Session) -> Iterator[Posting]:
    """Collect transfers, and write them at the end of the block."""
    posting = Posting()
    yield posting
    posting.write(session)


def post(session: Session, member: Member, transfers: Sequence[Transfer]) -> None:
    """Post transfers of one member."""
    with written_at_once(session) as posting:
        posting.add(member, transfers)
