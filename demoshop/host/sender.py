"""Sending webhooks: signed, on time, and again when nobody answers.

Eight retries over four hours, each wait twice the last, on a clock that the demo can speed up. The
queue is in the database, so a restart forgets nothing; the thread only wakes up and looks.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import perf_counter

import requests
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from demoshop.config import Settings
from demoshop.host.signatures import body_hmac
from demoshop.records.base import Database
from demoshop.records.webhook import (
    DELIVERED,
    FAILED,
    Attempt,
    Subscription,
    Webhook,
    due,
    next_due,
)

log = logging.getLogger(__name__)

API_VERSION = "2026-10"
CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 4.0
RETRIES = 8
RETRY_WINDOW = timedelta(hours=4)
BATCH = 50
IDLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How one attempt went; no status means nobody answered."""

    status: int | None
    milliseconds: int
    error: str = ""

    @property
    def good(self) -> bool:
        """Only the two hundreds count; a redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300


def wait_before(attempt: int, clock: float) -> timedelta:
    """The wait before retry number `attempt`, all eight together lasting the window."""
    parts = 1 << (attempt - 1)
    return RETRY_WINDOW * parts / ((1 << RETRIES) - 1) / clock


class Sender:
    """Empties the queue of webhooks, in a thread of its own or when it is told to."""

    def __init__(
        self, settings: Settings, database: Database, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._settings = settings
        self._database = database
        self._now = clock or (lambda: datetime.now(UTC))
        self._http = requests.Session()
        self._wake = Event()
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin sending in the background."""
        self._thread = Thread(target=self._run, name="webhook-sender", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something new in the queue."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the webhook in hand and stop; the rest waits in the queue."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=CONNECT_SECONDS + ANSWER_SECONDS + 1)
        self._http.close()

    def send_due(self, now: datetime) -> int:
        """Send what is due, one after the other, and say how many that were."""
        with self._database.transaction() as session:
            waiting = [webhook.id for webhook in due(session, now, BATCH)]
        sent = 0
        for row in waiting:
            if self._stopping.is_set():
                break
            sent += self._send(row, now)
        return sent

    def _send(self, row: int, now: datetime) -> bool:
        with self._database.transaction() as session:
            webhook = session.get(Webhook, row)
            if webhook is None:
                # A reset emptied the queue while we were at it.
                return False
        answer = self._post(webhook)
        with self._database.transaction() as session:
            current = session.get(Webhook, row)
            if current is not None:
                self._record(session, current, answer, now)
        return True

    def _post(self, webhook: Webhook) -> Answer:
        body = webhook.body.encode()
        started = perf_counter()
        try:
            response = self._http.post(
                webhook.url,
                data=body,
                headers=self._headers(webhook, body),
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return Answer(None, _since(started), _why(error))
        return Answer(response.status_code, _since(started))

    def _headers(self, webhook: Webhook, body: bytes) -> dict[str, str]:
        triggered = webhook.triggered_at.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
        return {
            "Content-Type": "application/json",
            "User-Agent": "Nordlys-Captain-Hook",
            "X-Shopify-Topic": webhook.topic,
            "X-Shopify-Hmac-Sha256": body_hmac(self._settings.client_secret, body),
            "X-Shopify-Shop-Domain": self._settings.domain,
            "X-Shopify-API-Version": API_VERSION,
            "X-Shopify-Webhook-Id": webhook.webhook_id,
            "X-Shopify-Event-Id": webhook.event_id,
            "X-Shopify-Triggered-At": triggered,
        }

    def _record(self, session: Session, webhook: Webhook, answer: Answer, now: datetime) -> None:
        webhook.attempts.append(
            Attempt(
                at=now,
                status=answer.status,
                milliseconds=answer.milliseconds,
                error=answer.error,
            )
        )
        subscription = session.get(Subscription, webhook.subscription_id or 0)
        if answer.good:
            webhook.state = DELIVERED
            if subscription is not None:
                subscription.last_success_at = now
        elif len(webhook.attempts) <= RETRIES:
            webhook.run_at = now + wait_before(len(webhook.attempts), self._settings.clock)
        else:
            webhook.state = FAILED
            _give_up_on(session, subscription, webhook)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                wait = self._round()
            except SQLAlchemyError:
                log.exception("The queue of webhooks could not be read.")
                wait = IDLE_SECONDS
            self._wake.wait(wait)

    def _round(self) -> float:
        """Send what is due; how long there is nothing to do after that."""
        if self.send_due(self._now()):
            return 0
        with self._database.transaction() as session:
            coming = next_due(session)
        wait = (coming - self._now()).total_seconds() if coming else IDLE_SECONDS
        return min(max(wait, 0.005), IDLE_SECONDS)


def _give_up_on(session: Session, subscription: Subscription | None, webhook: Webhook) -> None:
    """Delete a subscription that answered nothing since this webhook was first tried."""
    if subscription is None:
        return
    heard = subscription.last_success_at
    if heard is None or heard < webhook.attempts[0].at:
        webhook.note = "all retries failed; the subscription was deleted"
        session.delete(subscription)


def _since(started: float) -> int:
    return round((perf_counter() - started) * 1000)


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.ConnectTimeout):
        return "no connection within a second"
    if isinstance(error, requests.Timeout):
        return "no answer within five seconds"
    return "not reachable" if isinstance(error, requests.ConnectionError) else "no valid answer"
