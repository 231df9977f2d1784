"""Which codes of ours Shopify has: all of them as a list, or whether one was lost."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.issued import OUR_NAME, FoundCode
from app.platforms.shopify.answers import nodes, part
from app.platforms.shopify.client import Client
from app.platforms.shopify.discounts import by_code, uses_of
from app.platforms.shopify.queries import query

_CODES = query("discount_codes")
_PAGE = 50


def codes_of_ours(client: Client) -> Iterator[FoundCode]:
    """Every code of a discount of its own that carries our name and is switched on.

    Shopify searches titles word by word, so what it finds is looked at once more. The parent of a
    pool is named for its reward, not for a code.
    """
    ours = f"status:active title:{OUR_NAME}*"
    for node in client.walk(_CODES, "discountNodes", first=_PAGE, query=ours):
        discount = part(node, "discount")
        for code in _codes(discount):
            if discount.get("title") == f"{OUR_NAME} {code}":
                yield FoundCode(code, str(node.get("id")))


def is_lost(client: Client, code: str) -> bool:
    """Whether a code is gone, or was switched off before anybody used it."""
    node = by_code(client, code)
    if node is None:
        return True
    discount = part(node, "codeDiscount")
    return discount.get("status") == "EXPIRED" and uses_of(discount) == 0


def _codes(discount: Mapping[str, Any]) -> list[str]:
    """Its first code; discounts that need none have none."""
    if discount.get("codes") is None:
        return []
    return [str(one.get("code")) for one in nodes(part(discount, "codes"))]
