"""The light: do the shop's orders and the app's books say the same?

The app is asked for what it believes remains of every order, and that is held against what the
shop knows. Orders from before the app was installed count only if the app has heard of them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import requests
from sqlalchemy.orm import Session

from demoshop.config import Settings
from demoshop.host.installation import installed_at
from demoshop.host.signatures import signed_query
from demoshop.records.order import Order, orders
from demoshop.records.webhook import PENDING, webhook_counts

TIMEOUT_SECONDS = 3
GREEN, AMBER, RED, GREY = "green", "amber", "red", "grey"


@dataclass(frozen=True, slots=True)
class Light:
    """A color, what it means in words, and the orders that differ."""

    color: str
    words: str
    differing: list[dict[str, Any]] = field(default_factory=list)
    compared: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Books:
    """What the shop knows, read before the app is asked."""

    remaining: dict[str, int]
    names: dict[str, str]
    expected: set[str]
    pending: int
    installed: bool


def books(session: Session) -> Books:
    """The shop's own side of the comparison."""
    since = installed_at(session)
    all_orders = orders(session)
    return Books(
        remaining={str(order.id): order.remaining_goods_minor for order in all_orders},
        names={str(order.id): order.name for order in all_orders},
        expected={str(order.id) for order in all_orders if _counts(order, since)},
        pending=webhook_counts(session)[PENDING],
        installed=since is not None,
    )


def light(settings: Settings, ours: Books, *, at: datetime) -> Light:
    """Ask the app and compare."""
    if not ours.installed:
        return Light(GREY, "The app is not installed.")
    query = signed_query(
        settings.client_secret,
        {"shop": settings.domain, "timestamp": str(int(at.timestamp()))},
    )
    try:
        answer = requests.get(
            f"{settings.app_url}/agreement?{query}",
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        told = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("orders"), dict):
        return Light(GREY, "The app does not answer.")
    return compare(ours, told)


def compare(ours: Books, told: Mapping[str, Any]) -> Light:
    """Green if every order agrees, amber while something is on its way, red otherwise."""
    theirs = {str(key): _remaining(facts) for key, facts in told["orders"].items()}
    looked_at = ours.expected | (theirs.keys() & ours.remaining.keys())
    differing = [
        {"order": ours.names[key], "ours": ours.remaining[key], "theirs": theirs.get(key)}
        for key in sorted(looked_at)
        if theirs.get(key) != ours.remaining[key]
    ]
    waiting = ours.pending + int(told.get("waiting") or 0)
    if not told.get("verified", False):
        return Light(RED, "The app's ledger does not prove itself.", differing, len(looked_at))
    if differing and waiting:
        words = f"On its way: {len(differing)} to settle, {waiting} messages waiting."
        return Light(AMBER, words, differing, len(looked_at))
    if differing:
        names = ", ".join(str(entry["order"]) for entry in differing[:5])
        return Light(RED, f"Ledger and orders differ: {names}.", differing, len(looked_at))
    if waiting:
        return Light(AMBER, f"They agree; {waiting} messages are waiting.", [], len(looked_at))
    return Light(GREEN, f"Ledger and orders agree: {len(looked_at)} compared.", [], len(looked_at))


def _remaining(facts: Any) -> int | None:
    value = facts.get("remaining_minor") if isinstance(facts, dict) else None
    return value if isinstance(value, int) else None


def _counts(order: Order, since: datetime | None) -> bool:
    return since is not None and order.created_at >= since.replace(microsecond=0)
