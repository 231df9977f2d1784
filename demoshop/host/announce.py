"""Queueing webhooks: what happened, for everyone who subscribed to hear it.

The rows are written with the change they report, so there is no change without its webhooks.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from demoshop.host.chaos import Chaos, chaos, message_number
from demoshop.records.webhook import DROPPED, PENDING, Subscription, Webhook, subscriptions

SHOP_REDACT = "shop/redact"


def announce(
    session: Session,
    messages: Sequence[tuple[str, dict[str, Any]]],
    *,
    at: datetime,
    order_id: int | None = None,
) -> None:
    """Queue the messages of one action, in their order, for the subscriptions there are."""
    event_id = str(uuid4())
    weather = chaos(session)
    listening = subscriptions(session)
    for place, (topic, body) in enumerate(messages):
        # A microsecond apart, so that the queue keeps the order in which things happened.
        run_at = at + timedelta(microseconds=place)
        for subscription in listening:
            if subscription.topic == topic:
                webhook = _webhook(topic, subscription.uri, body, at=at, run_at=run_at)
                webhook.event_id = event_id
                webhook.order_id = order_id
                webhook.subscription_id = subscription.id
                _expose(session, webhook, weather)
    session.flush()


def send_to_app(
    session: Session,
    topic: str,
    url: str,
    body: dict[str, Any],
    *,
    at: datetime,
    run_at: datetime | None = None,
) -> None:
    """Queue a message that needs no subscription: uninstall and the privacy topics."""
    session.add(_webhook(topic, url, body, at=at, run_at=run_at or at))
    session.flush()


def hurry(session: Session, *, at: datetime) -> None:
    """What waits for a retry, or is held back, becomes due now; the 48 hours remain."""
    waiting = update(Webhook).where(Webhook.state == PENDING, Webhook.topic != SHOP_REDACT)
    session.execute(waiting.values(run_at=at))


def redeliver(session: Session, webhooks: Sequence[Webhook], *, at: datetime) -> int:
    """Send webhooks again as they were, under the id they had."""
    for place, sent in enumerate(webhooks):
        session.add(_again(sent, "sent again by hand", at + timedelta(microseconds=place)))
    session.flush()
    return len(webhooks)


def _webhook(
    topic: str, url: str, body: dict[str, Any], *, at: datetime, run_at: datetime
) -> Webhook:
    return Webhook(
        webhook_id=str(uuid4()),
        event_id=str(uuid4()),
        topic=topic,
        url=url,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        note="",
        state=PENDING,
        run_at=run_at,
        triggered_at=at,
    )


def _again(sent: Webhook, note: str, run_at: datetime) -> Webhook:
    return Webhook(
        webhook_id=sent.webhook_id,
        event_id=sent.event_id,
        topic=sent.topic,
        url=sent.url,
        body=sent.body,
        order_id=sent.order_id,
        subscription_id=sent.subscription_id,
        note=note,
        state=PENDING,
        run_at=run_at,
        triggered_at=sent.triggered_at,
    )


def _expose(session: Session, webhook: Webhook, weather: Chaos) -> None:
    """Put a webhook in the queue, if the weather lets it, perhaps later and perhaps twice."""
    subject = str(message_number(session))
    session.add(webhook)
    if weather.strikes("drop", weather.drop, subject):
        webhook.state, webhook.note = DROPPED, "lost by chaos"
        return
    if wait := weather.wait_seconds(subject):
        webhook.run_at += timedelta(seconds=wait)
        webhook.note = f"held back {wait:.1f} s by chaos"
    if weather.strikes("duplicate", weather.duplicate, subject):
        later = webhook.run_at + timedelta(seconds=1)
        session.add(_again(webhook, "sent twice by chaos", later))


def subscribe(
    session: Session, topic: str, uri: str, *, name: str | None, rule: str | None, at: datetime
) -> Subscription:
    """Record that somebody wants to hear of a topic."""
    wanted = Subscription(topic=topic, uri=uri, name=name, filter=rule, created_at=at)
    session.add(wanted)
    session.flush()
    return wanted
