"""The desk at which signed webhooks are noted: all who come at once, by one commit."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models.base import Document, ShopId
from app.models.delivery import INBOX, delivery_row, in_order, note_unknown
from app.models.shop import shop_ids
from app.platforms.base import SignedDelivery
from app.together import Together
from app.web.parts import Parts

MOST_ID = 100
MOST_TOPIC = 100


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


class Desk:
    """Notes deliveries, and remembers the ids of shops: one that a shop has it keeps for good."""

    def __init__(self, parts: Parts) -> None:
        self._database = parts.database
        self._inbox = parts.database.insertion(INBOX)
        self._vault = parts.vault
        self._ids: dict[str, ShopId] = {}
        self._together = Together(self._note)

    def take_in(self, delivery: SignedDelivery, body: bytes, *, at: datetime) -> str:
        """Return when a delivery is durable; returns how that ended, in a word for the log.

        A retry of one that is here already changes nothing.
        """
        received = Received(
            shop_domain=delivery.shop_domain,
            delivery_id=fitting_id(delivery.delivery_id),
            topic=fitting_topic(delivery.topic),
            body_sealed=self._vault.seal(body),
            triggered_at=delivery.triggered_at,
            at=at,
        )
        self._together.add(received)
        if received.shop_id is None:
            return "unknown_shop"
        return "accepted_other_version" if delivery.other_version else "accepted"

    def _note(self, received: Sequence[Received]) -> None:
        """Note what came in at once: by one statement, for all who have a shop."""
        unheard = {one.shop_domain for one in received} - self._ids.keys()
        if unheard:
            with self._database.reading() as session:
                self._ids |= shop_ids(session, unheard)
        for one in received:
            one.shop_id = self._ids.get(one.shop_domain)
        self._note_strangers([one for one in received if one.shop_id is None])
        rows = [_row(one, one.shop_id) for one in received if one.shop_id is not None]
        if rows:
            self._inbox.insert(in_order(rows))

    def _note_strangers(self, received: Sequence[Received]) -> None:
        """Note those who are no shop of ours."""
        if not received:
            return
        # A request about privacy is carried out with it: of a stranger we hold nothing.
        with self._database.writing() as connection:
            for one in received:
                note_unknown(
                    connection,
                    shop_domain=one.shop_domain,
                    delivery_id=one.delivery_id,
                    topic=one.topic,
                    at=one.at,
                )


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
