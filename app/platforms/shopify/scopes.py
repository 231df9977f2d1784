"""What we ask merchants to be allowed: little at first, the rest when a program needs it."""

from app.domain.rewards import Reward, RewardKind

REQUIRED = (
    "read_orders",
    "read_customers",
    "read_customer_merge",
    "read_products",
    "read_discounts",
    "write_discounts",
    "write_app_proxy",
)
"""What we ask every merchant for; the manifest says why."""

SCRIPT = "write_script_tags"
"""Asked for only where the host still takes script tags: elsewhere nobody could grant it."""

CUSTOMERS = "write_customers"
GIFT_CARDS = ("read_gift_cards", "write_gift_cards")
STORE_CREDIT = (
    "read_store_credit_accounts",
    "read_store_credit_account_transactions",
    "write_store_credit_account_transactions",
)
OPTIONAL = (CUSTOMERS, *GIFT_CARDS, *STORE_CREDIT)
"""What only some programs need."""


def for_reward(reward: Reward) -> tuple[str, ...]:
    """What must be granted beside the required for a reward to be given."""
    if reward.kind is RewardKind.GIFT_CARD:
        return GIFT_CARDS
    if reward.kind is RewardKind.STORE_CREDIT:
        return STORE_CREDIT
    return (CUSTOMERS,) if reward.tag else ()


def missing(wanted: tuple[str, ...], granted: tuple[str, ...]) -> tuple[str, ...]:
    """What is wanted and was not granted; being allowed to write something implies reading it."""
    implied = {f"read_{name[6:]}" for name in granted if name.startswith("write_")}
    return tuple(scope for scope in wanted if scope not in implied | set(granted))
