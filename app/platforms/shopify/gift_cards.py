"""Gift cards: made once however often we ask, since the code is ours and unique in the shop."""

from typing import Any

from app.domain.issued import GiftCard
from app.domain.money import amount
from app.platforms.base import PlatformError
from app.platforms.shopify.answers import nodes, part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.discounts import refusal
from app.platforms.shopify.failures import Doubtful
from app.platforms.shopify.ids import gid
from app.platforms.shopify.queries import query

_CREATE = query("gift_card_create")
_FIND = query("gift_cards")


def give(client: Client, card: GiftCard) -> str:
    """Make a gift card; its id. One that exists under our code and note is from an earlier try."""
    answer = part(client.ask(_CREATE, card=_input(card)), "giftCardCreate")
    errors = user_errors(answer)
    if any(error.get("code") == "TAKEN" for error in errors):
        found = find(client, card)
        if found is None:
            raise PlatformError("The gift card's code is taken by another.", permanent=False)
        return found
    if errors:
        raise refusal(errors, "gift card")
    made = part(answer, "giftCard").get("id")
    if not isinstance(made, str):
        raise Doubtful("Shopify's answer has no 'id'.")
    return made


def find(client: Client, card: GiftCard) -> str | None:
    """The id of our gift card; None when it was never made.

    A search by code finds cards that merely look alike; the note says which one is ours.
    """
    cards = nodes(part(client.ask(_FIND, code=card.code), "giftCards"))
    return next((str(one.get("id")) for one in cards if one.get("note") == card.note), None)


def _input(card: GiftCard) -> dict[str, Any]:
    worth = amount(card.worth_minor, card.currency)
    return {
        "code": card.code,
        "customerId": gid("Customer", card.customer_id),
        "expiresOn": card.ends_at.date().isoformat() if card.ends_at else None,
        "initialAmount": {"amount": worth, "currencyCode": card.currency},
        "note": card.note,
    }
