"""The figures that a monitor collects, for those who may see them.

Most are read from the database at the moment of asking, so they are the same whichever process
answers. What was refused leaves no row behind; each process counts that for itself.
"""

import hmac
from collections.abc import Callable, Iterable
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from app.models.delivery import Delivery
from app.models.effect import EffectRow
from app.models.promise import kept_promises
from app.models.queue import ALL_SHOPS, OPEN
from app.models.worker import last_pulse
from app.web import parts
from app.web.errors import NotAllowed

bp = Blueprint("metrics", __name__)

_KEY = "stamkunde_metrics"

Count = Callable[[str], None]


class Figures(Collector):
    """What the database knows about the two queues and the workers."""

    def describe(self) -> Iterable[Metric]:
        """Nothing yet: there is no database to ask before the first request."""
        return []

    def collect(self) -> Iterable[Metric]:
        """How much is in which state, how long the oldest has waited, and when work was done."""
        rows = GaugeMetricFamily(
            "stamkunde_queue_rows", "Rows of a queue, by state.", labels=["queue", "state"]
        )
        lag = GaugeMetricFamily(
            "stamkunde_queue_lag_seconds", "How long the longest due row waits.", labels=["queue"]
        )
        told = GaugeMetricFamily(
            "stamkunde_orders_told", "Webhooks about orders in the last 15 minutes."
        )
        kept = GaugeMetricFamily(
            "stamkunde_orders_in_time",
            "The share of them that was settled within so many seconds; the promise is 0.95 in 10.",
            labels=["seconds"],
        )
        pulse = GaugeMetricFamily("stamkunde_worker_seen_seconds", "Since a worker was last seen.")
        now = parts.now()
        with parts.database().reading() as session:
            for name, table in (("inbox", Delivery), ("outbox", EffectRow)):
                states = select(table.state, func.count()).group_by(table.state)
                for state, count in session.execute(states.execution_options(**ALL_SHOPS)):
                    rows.add_metric([name, state], count)
                oldest = select(func.min(table.run_at)).where(table.state.in_(OPEN))
                due = session.scalar(oldest.execution_options(**ALL_SHOPS))
                lag.add_metric([name], max(0.0, (now - due).total_seconds()) if due else 0.0)
            count, shares = kept_promises(session, now=now)
            seen = last_pulse(session)
        told.add_metric([], count)
        for seconds, share in shares.items():
            kept.add_metric([str(seconds)], share)
        if seen is not None:
            pulse.add_metric([], (now - seen).total_seconds())
        return [rows, lag, told, kept, pulse]


def count_requests(app: Flask) -> Count:
    """Count every answer to a webhook, by how it ended; returns how the door counts its own."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    answers = Counter(
        "stamkunde_webhook_answers",
        "Webhooks answered by this process.",
        labelnames=["outcome"],
        registry=registry,
    )
    app.extensions[_KEY] = registry

    def note(response: Response) -> Response:
        if g.get("auth") == "webhook":
            count(g.get("outcome") or f"refused_{response.status_code}")
        return response

    def count(outcome: str) -> None:
        answers.labels(outcome).inc()

    app.after_request(note)
    return count


@bp.get("/metrics")
def show_metrics() -> ResponseReturnValue:
    """The figures, in the form that Prometheus reads."""
    if not _may_see():
        raise NotAllowed("The figures are for this machine, or for who has the metrics token.")
    registry: CollectorRegistry = current_app.extensions[_KEY]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_see() -> bool:
    """Whether a monitor is asking: with the token, or on this machine and not through a proxy."""
    token = parts.settings().metrics_token
    given = request.authorization.token if request.authorization else None
    if token and given:
        return hmac.compare_digest(given.encode(), token.encode())
    through_proxy = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not through_proxy and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
