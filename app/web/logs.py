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
    facts = {
        "method": request.method,
        "route": rule.rule if rule is not None else "",
        "status": response.status_code,
        "ms": round((perf_counter() - g.began) * 1000, 1) if "began" in g else None,
        "shop": g.get("shop_domain"),
    }
    delivery = g.get("delivery")
    if delivery is not None:
        facts |= {"delivery": delivery.delivery_id, "topic": delivery.topic}
    if g.get("outcome") is not None:
        facts["outcome"] = g.outcome
    log.info("request", **facts)
    return response
