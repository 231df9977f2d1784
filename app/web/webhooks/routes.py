"""The one address for every webhook: a signed delivery is noted, and answered, unread.

The platform waits five seconds and gives a shop up after eight failures, so nothing is parsed here
and nothing waits for anything but the one commit.
"""

import hashlib

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from app.models.delivery import accept, note_unknown
from app.models.shop import find_shop
from app.web import parts

MOST_ID = 100
MOST_TOPIC = 100

bp = Blueprint("webhooks", __name__)


@bp.post("/webhooks")
def create_delivery() -> ResponseReturnValue:
    """Note a delivery. A retry of one that is here already changes nothing."""
    delivery, at = g.delivery, parts.now()
    delivery_id, topic = fitting_id(delivery.delivery_id), fitting_topic(delivery.topic)
    sealed = parts.vault().seal(g.body)
    with parts.database().transaction() as session:
        shop = find_shop(session, delivery.shop_domain)
        if shop is None:
            # A request about privacy is carried out with it: of a stranger we hold nothing.
            note_unknown(
                session,
                shop_domain=delivery.shop_domain,
                delivery_id=delivery_id,
                topic=topic,
                at=at,
            )
        else:
            accept(
                session,
                shop.id,
                delivery_id=delivery_id,
                topic=topic,
                body_sealed=sealed,
                triggered_at=delivery.triggered_at,
                at=at,
            )
    g.outcome = "accepted" if shop is not None else "unknown_shop"
    return "", 200


def fitting_id(delivery_id: str) -> str:
    """An id that fits its column: a long or odd one is replaced by its hash, retry by retry."""
    if 0 < len(delivery_id) <= MOST_ID and delivery_id.isascii() and delivery_id.isprintable():
        return delivery_id
    return hashlib.sha256(delivery_id.encode(errors="replace")).hexdigest()


def fitting_topic(topic: str) -> str:
    """A topic that fits its column; one that we do not know is understood by nobody anyway."""
    return "".join(letter for letter in topic if letter.isprintable())[:MOST_TOPIC]
