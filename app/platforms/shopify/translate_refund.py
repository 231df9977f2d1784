"""From a refund as Shopify tells it to pieces of lines and money beyond them."""

from collections import Counter

from app.domain.order import Refund
from app.platforms.shopify.reading import (
    Record,
    believable,
    identity,
    money,
    money_or_none,
    pieces,
    records,
    words,
)

_SHIPPING = ("shipping_refund", "Shipping refund")


def refund_in(payload: Record, currency: str) -> Refund:
    """What was given back.

    Only the pieces of a line are taken, not its money: whether that holds the tax is not
    documented, and the price of a piece is known from the order.
    """
    returned: Counter[str] = Counter()
    for line in records(payload, "refund_line_items"):
        returned[identity(line, "line_item_id")] += pieces(line, "quantity")
    extra_minor = sum(
        _extra_minor(adjustment, currency) for adjustment in records(payload, "order_adjustments")
    )
    return Refund(
        refund_id=identity(payload, "id"),
        lines=tuple(sorted((line_id, count) for line_id, count in returned.items() if count)),
        extra_minor=believable(extra_minor, "order_adjustments"),
    )


def currency_of(payload: Record) -> str:
    """The shop's money, which a refund names only inside its amounts; empty where it has none.

    Without an amount there is nothing to count, so an unknown currency does no harm.
    """
    for adjustment in records(payload, "order_adjustments"):
        both = adjustment.get("amount_set")
        in_shop = both.get("shop_money") if isinstance(both, dict) else None
        if isinstance(in_shop, dict):
            return words(in_shop, "currency_code", most=3)
    return ""


def _extra_minor(adjustment: Record, currency: str) -> int:
    """Goods money given back beyond the lines: Shopify writes it as a negative discrepancy.

    A positive one says that less came back than the lines are worth, which loyalty ignores: the
    goods are back. Shipping is not goods.
    """
    if words(adjustment, "kind") in _SHIPPING or words(adjustment, "reason") in _SHIPPING:
        return 0
    tax_minor = money_or_none(adjustment, "tax_amount", currency) or 0
    return max(0, -(money(adjustment, "amount", currency) + tax_minor))
