"""Whether this process lives, whether it can serve, and the figures that a monitor collects."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.models.delivery import Delivery
from app.models.queue import waiting
from app.models.worker import last_pulse
from app.web import parts

PULSE_WITHIN = timedelta(seconds=60)

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show_life() -> ResponseReturnValue:
    """This process answers; whether it can do anything is asked of /readyz."""
    return jsonify(status="alive")


@bp.get("/readyz")
def show_readiness() -> ResponseReturnValue:
    """Whether requests can be served: the database is there and as this code expects it.

    A worker that is not seen is told, and is no reason to send shoppers away: what they ask is
    answered without it, and deliveries wait.
    """
    try:
        with parts.database().reading() as session:
            migrated = _revision_of(session) == newest_revision(parts.settings().migrations)
            pulse = last_pulse(session) if migrated else None
            backlog = waiting(session, Delivery) if migrated else None
    except SQLAlchemyError as error:
        return jsonify(status="unready", database=type(error).__name__), 503
    age = (parts.now() - pulse).total_seconds() if pulse is not None else None
    facts = {
        "status": "ready" if migrated else "unready",
        "database": "reachable",
        "migrations": "current" if migrated else "behind",
        "worker": "alive" if age is not None and age <= PULSE_WITHIN.total_seconds() else "missing",
        "waiting_deliveries": backlog,
    }
    return jsonify(facts), 200 if migrated else 503


def _revision_of(session: Session) -> str | None:
    return MigrationContext.configure(session.connection()).get_current_revision()


@cache
def newest_revision(migrations: Path) -> str | None:
    """The migration that this code was written for."""
    return ScriptDirectory(str(migrations)).get_current_head()
