"""The inbox: takes deliveries in batches, understands them, and carries out what they report.

A batch of one shop is one transaction. When anything in it fails, it is done again one by one, so
that a delivery which cannot be carried out holds up nobody but itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import orjson
import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.domain.errors import InvalidMoney, NotUnderstood
from app.domain.events import (
    CustomerChanged,
    CustomerDataRequested,
    CustomerErased,
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
from app.models.base import ShopId
from app.models.delivery import Delivery
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
        payload = orjson.loads(tools.vault.open(delivery.body_sealed))
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
        rows = _still_ours(session, shop_id, [one.delivery for one in understood])
        ours = [one for one in understood if one.delivery.id in rows]
        shop = session.get_one(Shop, shop_id)
        if _needs_program(ours) and not latest_number(session, shop_id):
            raise NotReady("The shop is being connected; its money is not known yet.")
        for one in ours:
            # Noted first: who is erased by one of these takes the others along.
            rows[one.delivery.id].customer_id = _customer_of(one.events)
            note_asked(session, shop, one.delivery, one.events)
        apply(
            session,
            shop,
            [(event, _since(event, one.delivery)) for one in ours for event in one.events],
        )
        for one in ours:
            row = rows[one.delivery.id]
            row.events = None if one.mistake else len(one.events)
            note_done(session, shop, one.delivery)
            end(row, State.DEAD if one.mistake else State.DONE, now=now, error=one.mistake)
    # Only what is committed has happened.
    for one in ours:
        _log(shop, one, rows[one.delivery.id])


def _still_ours(
    session: Session, shop_id: ShopId, taken: Sequence[Delivery]
) -> dict[str, Delivery]:
    """The rows that nobody else has taken since; the others are theirs to carry out."""
    attempts = {delivery.id: delivery.attempts for delivery in taken}
    query = (
        select(Delivery)
        .where(Delivery.shop_id == shop_id, Delivery.id.in_(attempts))
        .order_by(Delivery.id)
        # The body has been understood: it need not be read a second time.
        .options(defer(Delivery.body_sealed))
        .with_for_update()
    )
    return {
        row.id: row
        for row in session.scalars(query)
        if row.state == State.TRYING and row.attempts == attempts[row.id]
    }


def _needs_program(understood: Sequence[Understood]) -> bool:
    without = (ShopChanged, ShopErased, ShopLeft, CustomerErased, CustomerDataRequested)
    return any(not isinstance(event, without) for one in understood for event in one.events)


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
        rows = _still_ours(session, delivery.shop_id, [delivery])
        for row in rows.values():
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


def _log(shop: Shop, one: Understood, row: Delivery) -> None:
    log.info(
        "delivery",
        shop=shop.domain,
        delivery=row.id,
        topic=row.topic,
        outcome=row.state,
        events=len(one.events),
    )
