"""The one address for every webhook: a signed delivery is noted, and answered, unread.

The platform waits five seconds and gives a shop up after eight failures, so nothing is parsed here
and nothing waits for anything but the one commit, which all who come at once share.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, g
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app.models.base import Document, ShopId
from app.models.delivery import accept_rows, delivery_row, note_unknown
from app.models.shop import shop_ids
from app.web import parts
from app.web.webhooks.together import Together

MOST_ID = 100
MOST_TOPIC = 100

_KEY = "stamkunde_webhooks"

bp = Blueprint("webhooks", __name__)


@dataclass(slots=True)
class Received:
    """A delivery as it came in; whose it is turns out when it is noted."""

    shop_domain: str
    delivery_id: str
    topic: str
    body_sealed: bytes
    triggered_at: datetime | None
    at: datetime
    shop_id: ShopId | None = None


@bp.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions[_KEY] = Together(_Notebook().note)


@bp.post("/webhooks")
def create_delivery() -> ResponseReturnValue:
    """Note a delivery. A retry of one that is here already changes nothing."""
    delivery = g.delivery
    received = Received(
        shop_domain=delivery.shop_domain,
        delivery_id=fitting_id(delivery.delivery_id),
        topic=fitting_topic(delivery.topic),
        body_sealed=parts.vault().seal(g.body),
        triggered_at=delivery.triggered_at,
        at=parts.now(),
    )
    together: Together[Received] = current_app.extensions[_KEY]
    together.add(received)
    g.outcome = "accepted" if received.shop_id is not None else "unknown_shop"
    return "", 200


class _Notebook:
    """Notes deliveries, and remembers the ids of shops: one that a shop has it keeps for good."""

    def __init__(self) -> None:
        self._ids: dict[str, ShopId] = {}

    def note(self, received: Sequence[Received]) -> None:
        """Note what came in at once, in one transaction."""
        with parts.database().transaction() as session:
            unheard = {one.shop_domain for one in received} - self._ids.keys()
            if unheard:
                self._ids |= shop_ids(session, unheard)
            for one in received:
                one.shop_id = self._ids.get(one.shop_domain)
                if one.shop_id is None:
                    # A request about privacy is carried out with it: of a stranger we hold nothing.
                    note_unknown(
                        session,
                        shop_domain=one.shop_domain,
                        delivery_id=one.delivery_id,
                        topic=one.topic,
                        at=one.at,
                    )
            accept_rows(session, [_row(one, one.shop_id) for one in received if one.shop_id])


def _row(received: Received, shop_id: ShopId) -> Document:
    return delivery_row(
        shop_id,
        delivery_id=received.delivery_id,
        topic=received.topic,
        body_sealed=received.body_sealed,
        triggered_at=received.triggered_at,
        at=received.at,
    )


def fitting_id(delivery_id: str) -> str:
    """An id that fits its column: a long or odd one is replaced by its hash, retry by retry."""
    if 0 < len(delivery_id) <= MOST_ID and delivery_id.isascii() and delivery_id.isprintable():
        return delivery_id
    return hashlib.sha256(delivery_id.encode(errors="replace")).hexdigest()


def fitting_topic(topic: str) -> str:
    """A topic that fits its column; one that we do not know is understood by nobody anyway."""
    return "".join(letter for letter in topic if letter.isprintable())[:MOST_TOPIC]
