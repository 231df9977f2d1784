"""The codes that shoppers see: made of the keys of their requests, and of gift cards.

A gift card's code is money to whoever reads it, so it is stored nowhere, not even sealed: it
follows from the redemption's id and a key of ours, and is made anew for its owner's eyes.
"""

from flask import g

from app.domain.issued import gift_card_code, written
from app.domain.rewards import RewardKind
from app.models.redemption import Redemption, RedemptionState
from app.web import parts


def code_for(customer_id: str, request_key: str) -> str:
    """The code that a request will have: nobody can guess it, and asking again makes the same."""
    return written(parts.vault().code_letters(f"{g.shop_domain}/{customer_id}/{request_key}"))


def shown_code(redemption: Redemption) -> str:
    """What the shopper needs to use what they bought; before a card exists, its reference."""
    is_card = redemption.kind == RewardKind.GIFT_CARD
    if not is_card or redemption.state != RedemptionState.DONE:
        return redemption.code
    return gift_card_code(parts.vault().code_letters, g.shop_domain, redemption.id)
