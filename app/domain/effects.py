"""What must happen outside because of what we decided: an id each, never a snapshot.

Performing an effect reads the present and writes the whole truth, so one that is repeated or comes
late does no harm, and two waiting for the same thing are one.
"""

from dataclasses import dataclass
from typing import Self, get_args


@dataclass(frozen=True, slots=True)
class _Effect:
    subject: str
    """The id of what the effect is about, in our own tables or on the platform."""

    @classmethod
    def about(cls, subject: str) -> Self:
        return cls(subject)


class Connect(_Effect):
    """Subscribe to the shop's webhooks, put the widget in its pages, learn its money and clock."""

    __slots__ = ()


class IssueDiscount(_Effect):
    """Make the discount code of a redemption exist on the platform."""

    __slots__ = ()


class KillDiscount(_Effect):
    """Make the discount code of a redemption useless, so that its points can come back."""

    __slots__ = ()


class GiveReward(_Effect):
    """Have the platform give a redemption's gift card, store credit or tag."""

    __slots__ = ()


class TakeBack(_Effect):
    """End what the platform may have given for a redemption, or find that it is given for good."""

    __slots__ = ()


class RefillPool(_Effect):
    """Bring the codes that are made ahead for a reward in step with the program."""

    __slots__ = ()


class FetchOrder(_Effect):
    """Read an order from the platform and settle what it says."""

    __slots__ = ()


class FetchProduct(_Effect):
    """Read a product's tags, collections and category, and settle the orders that wait for them."""

    __slots__ = ()


class Reconcile(_Effect):
    """Walk the orders that changed on the platform, and settle what we missed."""

    __slots__ = ()


class FetchCustomers(_Effect):
    """Walk the customers who changed on the platform, and welcome whom we missed."""

    __slots__ = ()


class FetchHistory(_Effect):
    """Walk the orders from before we were installed, as far back as the merchant wishes."""

    __slots__ = ()


class CountPast(_Effect):
    """Give orders from before the program was live what the merchant lets them earn."""

    __slots__ = ()


class CheckCodes(_Effect):
    """Compare the codes that members hold with those there are, on both sides."""

    __slots__ = ()


class SyncBalances(_Effect):
    """Keep members' balances with the customers they are, where the shop's own pages print them."""

    __slots__ = ()


Effect = (
    Connect
    | IssueDiscount
    | KillDiscount
    | GiveReward
    | TakeBack
    | RefillPool
    | FetchOrder
    | FetchProduct
    | Reconcile
    | FetchCustomers
    | FetchHistory
    | CountPast
    | CheckCodes
    | SyncBalances
)

KINDS: dict[str, type[Effect]] = {kind.__name__: kind for kind in get_args(Effect)}
"""Every effect by the name under which it waits in the outbox."""
