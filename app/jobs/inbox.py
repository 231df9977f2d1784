"""The inbox: takes deliveries in batches, understands them, and carries out what they report.

A batch of one shop is one transaction. When anything in it fails, it is done again one by one, so
that a delivery which cannot be carried out holds up nobody but itself.
"""

from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

import orjson
import structlog
from cryptography.fernet import InvalidToken

from app.domain.errors import InvalidMoney, NotUnderstood
from app.domain.events import (
    CustomerChanged,
    CustomerDataRequested,
    CustomerErased,
    DiscountDeleted,
    Event,
    OrderChanged,
    ShopChanged,
    ShopErased,
    ShopLeft,
)
from app.jobs.apply import apply
from app.jobs.backoff import wait_after
from app.jobs.privacy import note_asked, note_done
from app.jobs.tools import Tools
from app.jobs.undisturbed import undisturbed
from app.models.base import ShopId
from app.models.delivery import Delivery
from app.models.outcome import Outcome, end_all, still_taken
from app.models.program import latest_number
from app.models.queue import State, end, is_due, retry, take
from app.models.shop import Shop

BATCH = 200
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8
NOT_READY_WAIT = timedelta(seconds=2)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Understood:
    """A delivery as it was taken, and what it reports; `mistake` says why it cannot be read."""

    delivery: Delivery
    events: tuple[Event, ...] = ()
    mistake: str | None = None

    @property
    def outcome(self) -> Outcome:
        """What is kept of it."""
        return Outcome(self.delivery.id, len(self.events), _customer_of(self.events), self.mistake)


class NotReady(Exception):
    """The shop's money is not known yet, so nothing can be reckoned in it."""


def work_inbox(tools: Tools, *, now: datetime) -> int:
    """Take one batch of deliveries and carry it out; returns how many were taken."""
    with tools.database.reading() as session:
        if not is_due(session, Delivery, now=now):
            return 0
    with tools.database.transaction() as session:
        taken = take(session, Delivery, limit=BATCH, lease=LEASE, now=now)
    by_shop = attrgetter("shop_id")
    with undisturbed():
        # Sorting is stable: within a shop the order of arrival stays.
        for shop_id, deliveries in groupby(sorted(taken, key=_arrival), key=by_shop):
            _carry_out(tools, shop_id, list(deliveries), now)
    return len(taken)


def _arrival(delivery: Delivery) -> tuple[ShopId, datetime, str]:
    return delivery.shop_id, delivery.received_at, delivery.id


def _carry_out(tools: Tools, shop_id: ShopId, deliveries: list[Delivery], now: datetime) -> None:
    with tools.database.reading() as session:
        shop = session.get_one(Shop, shop_id)
    try:
        understood = [understand(tools, shop, delivery) for delivery in deliveries]
        _apply_all(tools, shop_id, understood, now)
    except Exception as error:
        if len(deliveries) == 1:
            _put_off(tools, deliveries[0], error, now)
        else:
            for one in deliveries:
                _carry_out(tools, shop_id, [one], now)


def understand(tools: Tools, shop: Shop, delivery: Delivery) -> Understood:
    """Open a delivery and translate it; what cannot be read is told, not raised."""
    if delivery.body_sealed is None:
        return Understood(delivery, mistake="The body was dropped before it was understood.")
    try:
        payload = orjson.loads(tools.vault.open(delivery.body_sealed).removeprefix(BOM_UTF8))
        if not isinstance(payload, dict):
            raise NotUnderstood("The body is not a JSON object.")
        events = tools.platform.events_in(delivery.topic, payload, tools.fingerprint(shop))
    except orjson.JSONDecodeError as error:
        return Understood(delivery, mistake=f"The body is not JSON: {error}.")
    except (NotUnderstood, InvalidMoney) as error:
        return Understood(delivery, mistake=error.message)
    except InvalidToken:
        return Understood(delivery, mistake="The body was sealed with a key we no longer have.")
    return Understood(delivery, tuple(events))


def _apply_all(
    tools: Tools, shop_id: ShopId, understood: Sequence[Understood], now: datetime
) -> None:
    with tools.database.transaction() as session:
        attempts = {one.delivery.id: one.delivery.attempts for one in understood}
        still_ours = still_taken(session, shop_id, attempts)
        ours = [one for one in understood if one.delivery.id in still_ours]
        shop = session.get_one(Shop, shop_id)
        if _needs_program(ours) and not latest_number(session, shop_id):
            raise NotReady("The shop is being connected; its money is not known yet.")
        # Noted first: who is erased by one of these takes the others along.
        end_all(session, shop_id, [one.outcome for one in ours], now=now)
        for one in ours:
            note_asked(session, shop, one.delivery, one.events)
        apply(
            session,
            shop,
            [(event, _since(event, one.delivery)) for one in ours for event in one.events],
        )
        for one in ours:
            note_done(session, shop, one.delivery)
    # Only what is committed has happened.
    noted = log.bind(shop=shop.domain)
    for one in ours:
        _log(noted, one)


def _needs_program(understood: Sequence[Understood]) -> bool:
    without = (ShopChanged, ShopErased, ShopLeft, CustomerErased, CustomerDataRequested)
    return any(
        not isinstance(event, (*without, DiscountDeleted))
        for one in understood
        for event in one.events
    )


def _since(event: Event, delivery: Delivery) -> datetime:
    """When an event holds from: leaving may be told again for hours after the merchant is back."""
    if isinstance(event, ShopLeft) and delivery.triggered_at is not None:
        return min(delivery.triggered_at, delivery.received_at)
    return delivery.received_at


def _customer_of(events: Sequence[Event]) -> str | None:
    """Whom a delivery is about, so that its body can be forgotten with them."""
    for event in events:
        match event:
            case OrderChanged(order):
                return order.customer_id or order.email_hash
            case (
                CustomerChanged(customer_id, hashed)
                | CustomerDataRequested(customer_id, hashed)
                | CustomerErased(customer_id, hashed)
            ):
                return customer_id or hashed
    return None


def _put_off(tools: Tools, delivery: Delivery, error: Exception, now: datetime) -> None:
    """Let a delivery come due again, or give it up where everybody can see it."""
    with tools.database.transaction() as session:
        for key in still_taken(session, delivery.shop_id, {delivery.id: delivery.attempts}):
            row = session.get_one(Delivery, (delivery.shop_id, key))
            if isinstance(error, NotReady):
                row.attempts -= 1
                retry(row, run_at=now + NOT_READY_WAIT, error=str(error))
            elif row.attempts < MOST_ATTEMPTS:
                retry(row, run_at=now + wait_after(row.attempts), error=_sentence(error))
            else:
                end(row, State.DEAD, now=now, error=_sentence(error))
    if not isinstance(error, NotReady):
        log.exception("delivery failed", delivery=delivery.id, topic=delivery.topic)


def _sentence(error: Exception) -> str:
    """What went wrong, without the values of any row: they may be personal."""
    return f"{type(error).__name__} while carrying it out; the log has the details."


def _log(noted: Any, one: Understood) -> None:
    noted.info(
        "delivery",
        delivery=one.delivery.id,
        topic=one.delivery.topic,
        outcome=one.outcome.state,
        events=len(one.events),
    )
