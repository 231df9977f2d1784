"""What must come to be on the platform for a reward: a code, a pool of codes, a card, a credit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from app.domain.rewards import Reward, RewardKind

OUR_NAME = "Stamkunde"
"""What the titles of our discounts begin with."""

Letters = Callable[[str], str]
"""From a purpose to ten letters that nobody can guess, always the same for one purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A code as it shall exist on the platform: for one order, in the shop's money.

    Exactly one of `off_minor`, `off_percent` and `free_shipping` says what it does. With products
    or collections it does so only to those: an amount is then taken off them once. A `pooled` one
    is the parent of codes that are for anybody, each of them for one order.
    """

    code: str
    title: str
    currency: str
    customer_id: str | None
    off_minor: int = 0
    off_percent: int = 0
    free_shipping: bool = False
    minimum_subtotal_minor: int = 0
    starts_at: datetime
    ends_at: datetime | None = None
    combines: bool = False
    products: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    pooled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCard:
    """A gift card for a customer; the note tells ours from all others."""

    code: str
    note: str
    customer_id: str
    worth_minor: int
    currency: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Money for a customer's next orders.

    Platforms cannot be asked twice for the same credit: `tried_at` is when it was first asked for,
    None if never, and `others` are the platform's ids of credits that belong to other redemptions.
    """

    customer_id: str
    worth_minor: int
    currency: str
    ends_at: datetime | None
    tried_at: datetime | None
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code that the platform has under our name, and its id there."""

    code: str
    ref: str


@dataclass(frozen=True, slots=True)
class PooledCode:
    """One code of a pool as the platform has it: its id there, and how often it was used."""

    ref: str
    uses: int


def pool_discount(
    reward: Reward, currency: str, *, code: str = "", starts_at: datetime
) -> Discount:
    """The parent of a reward's pool: no end and no customer, since its codes differ in both."""
    return Discount(
        code=code,
        title=f"{OUR_NAME} {reward.name}",
        currency=currency,
        customer_id=None,
        off_minor=reward.off_minor,
        off_percent=reward.off_percent if not reward.off_minor else 0,
        free_shipping=reward.kind is RewardKind.FREE_SHIPPING,
        minimum_subtotal_minor=reward.minimum_subtotal_minor,
        starts_at=starts_at,
        combines=reward.combines,
        products=tuple(sorted(reward.products)),
        collections=tuple(sorted(reward.collections)),
        pooled=True,
    )


_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def pool_terms(reward: Reward, currency: str) -> str:
    """A mark of what a reward's codes do: rewards that differ in it cannot share a pool."""
    discount = pool_discount(reward, currency, starts_at=_NO_TIME)
    return sha256(repr(replace(discount, title="")).encode()).hexdigest()[:32]


def written(letters: str) -> str:
    """A discount code made of ten letters."""
    return f"STAM-{letters[:5]}-{letters[5:]}"


def pooled_code(letters: Letters, shop_domain: str, pool_id: UUID, number: int) -> str:
    """The code with a number in a pool, known before it is made; number 0 is the parent's own."""
    return written(letters(f"{shop_domain}/pool/{pool_id}/{number}"))


def gift_card_code(letters: Letters, shop_domain: str, redemption_id: UUID) -> str:
    """The code of the gift card of a redemption; made anew whenever it is shown, never stored."""
    purpose = f"{shop_domain}/gift-card/{redemption_id}"
    return letters(purpose) + letters(f"{purpose}/more")[:6]
