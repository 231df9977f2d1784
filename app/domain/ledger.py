"""The points ledger: transfers between accounts, and what a replay of them says.

A transfer takes from one account and gives to another, so the books cannot be out of balance.
Points are whole; ISSUED is where they come from and is therefore the only account that goes
below zero by design. AVAILABLE does so only while a member owes what a refund took back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Account(StrEnum):
    """Where a member's points can be."""

    ISSUED = "issued"
    PENDING = "pending"
    AVAILABLE = "available"
    HELD = "held"
    SPENT = "spent"
    EXPIRED = "expired"
    REVERSED = "reversed"
    ADJUSTED = "adjusted"
    DONATED = "donated"


class Reason(StrEnum):
    """Why points moved; shoppers and merchants read a sentence for each."""

    ORDER = "order"
    ORDER_READY = "order_ready"
    ORDER_REVERSED = "order_reversed"
    ORDER_RESTORED = "order_restored"
    ORDER_MOVED = "order_moved"
    JOIN = "join"
    ACTION = "action"
    REDEEM = "redeem"
    SPEND = "spend"
    DONATE = "donate"
    GIVE_BACK = "give_back"
    SPENT_RETURN = "spent_return"
    EXPIRE = "expire"
    ADJUST = "adjust"
    MERGE = "merge"
    IMPORT = "import"
    """From another program; the note says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Points moving between two accounts of one member.

    The key says what the transfer is for ("order:1001:settle:2"); a shop can hold it only once.
    `revision` names the program revision that made it. `expires_at` belongs to points that become
    AVAILABLE: at that instant they are gone, None is never.
    """

    key: str
    source: Account
    target: Account
    points: int
    occurred_at: datetime
    reason: Reason
    order_id: str | None = None
    redemption_id: str | None = None
    revision: int | None = None
    expires_at: datetime | None = None
    note: str = ""

    def __post_init__(self) -> None:
        assert self.points > 0, "A transfer moves points; its direction is source to target."
        assert self.source is not self.target, "A transfer has two sides."

    def change_of(self, account: Account) -> int:
        """By how much this transfer changes an account."""
        return self.points * ((account is self.target) - (account is self.source))


Move = tuple[Account, Account, int]
"""Points to be moved: source, target, how many."""


def balances(transfers: Iterable[Transfer]) -> dict[Account, int]:
    """What each account holds after these transfers; the sum over all accounts is zero."""
    sums = dict.fromkeys(Account, 0)
    for transfer in transfers:
        sums[transfer.source] -= transfer.points
        sums[transfer.target] += transfer.points
    return sums


def moves(held: Mapping[Account, int], wanted: Mapping[Account, int]) -> list[Move]:
    """The fewest moves that turn one position into another, in the order of the accounts.

    Both positions sum to zero; every move has points above zero.
    """
    changes = {account: wanted.get(account, 0) - held.get(account, 0) for account in Account}
    assert sum(changes.values()) == 0, "Both positions balance."
    found: list[Move] = []
    givers = [account for account, change in changes.items() if change < 0]
    takers = [account for account, change in changes.items() if change > 0]
    for source in givers:
        for target in takers:
            points = min(-changes[source], changes[target])
            if points > 0:
                found.append((source, target, points))
                changes[source] += points
                changes[target] -= points
    return found
