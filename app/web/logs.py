"""One line for each request: who asked for what, how it ended and how long it took.

Routes are logged as they are written ("/admin/members/<member_id>"), never as they were asked for:
addresses carry signatures, and bodies carry people.
"""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request

from app.config import Settings
from app.platforms.base import SignedDelivery

log = structlog.get_logger("web")


def set_up_logs(settings: Settings) -> None:
    """Say once how this process writes its log."""
    renderer = (
        structlog.processors.JSONRenderer(serializer=_json_text)
        if settings.log_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(settings.log_level, logging.INFO)
        ),
    )


def _json_text(facts: Any, *, default: Callable[[Any], Any]) -> str:
    return orjson.dumps(facts, default=default).decode()


def log_requests(app: Flask) -> None:
    """Log every request when it has been answered."""
    # What was raised is logged by web/errors.py, with fields.
    app.logger.disabled = True
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.began = perf_counter()


def _finish(response: Response) -> Response:
    rule = request.url_rule
    if rule is not None and rule.endpoint.rpartition(".")[2] == "static":
        return response
    delivery = g.get("delivery")
    also = told_of(delivery) if delivery is not None else {}
    if g.get("outcome") is not None:
        also["outcome"] = g.outcome
    log_answer(
        request.method,
        rule.rule if rule is not None else "",
        response.status_code,
        g.get("began"),
        shop=g.get("shop_domain"),
        **also,
    )
    return response


def told_of(delivery: SignedDelivery) -> dict[str, str]:
    """What a line says of a webhook."""
    told = {"delivery": delivery.delivery_id, "topic": delivery.topic}
    return told | ({"version": delivery.other_version} if delivery.other_version else {})


def log_answer(
    method: str, route: str, status: int, began: float | None, *, shop: str | None, **also: str
) -> None:
    """Log one request that was answered; `began` is when, by the counter of this process."""
    log.info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round((perf_counter() - began) * 1000, 1) if began is not None else None,
        shop=shop,
        **also,
    )
