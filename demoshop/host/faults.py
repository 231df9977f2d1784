"""Faults of the line between app and shop: how the coming calls of the app go wrong.

A fault strikes before the shop has heard of a call, or after it has done what was asked and before
the answer is through: the second kind is how an app makes things twice. The shop's clock can be
wrong, too. All of it is kept in memory, as the query bucket is: a restart mends the line.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import Any

JSON = "application/json"
THROTTLED = (
    b'{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":'
    b'{"requestedQueryCost":10,"actualQueryCost":null,"throttleStatus":'
    b'{"maximumAvailable":2000.0,"currentlyAvailable":0,"restoreRate":100.0}}}}'
)
UNEXPLAINED = b'{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}'
ANSWERS: dict[str, tuple[str, str, bytes, list[tuple[str, str]]]] = {
    "429": ("429 Too Many Requests", JSON, b'{"errors":"Exceeded"}', []),
    "429 with Retry-After": (
        *("429 Too Many Requests", JSON, b'{"errors":"Exceeded"}'),
        [("Retry-After", "2.0")],
    ),
    "THROTTLED in a 200": ("200 OK", JSON, THROTTLED, []),
    "500": ("500 Internal Server Error", JSON, b'{"errors":"Internal Server Error"}', []),
    "502 in HTML": ("502 Bad Gateway", "text/html", b"<html><h1>Bad Gateway</h1></html>", []),
    "cut JSON": ("200 OK", JSON, b'{"data":{"discountCodeBasicCreate":{"codeDisc', []),
    "errors in a 200": ("200 OK", JSON, UNEXPLAINED, []),
    "HTML in a 200": ("200 OK", "text/html", b"<html>We will be right back</html>", []),
}
"""Status, content type, body and further headers of an answer that is none."""
RESET, HANG = "reset", "hang"
FAULTS = (*ANSWERS, RESET, HANG)
HANG_SECONDS = 20.0
MOST_TIMES = 1000
MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next so many calls that have a text in their address or body."""

    how: str
    asked: str = ""
    heard: bool = False
    times: int = 1

    def __post_init__(self) -> None:
        if self.how not in FAULTS:
            raise ValueError(f"A fault is one of {', '.join(FAULTS)}.")
        if not 1 <= self.times <= MOST_TIMES:
            raise ValueError(f"A fault strikes between 1 and {MOST_TIMES} times.")


class Faults:
    """The fault that is to strike next, and by how much the shop's clock is wrong."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._fault: Fault | None = None
        self._left = 0
        self._ahead = timedelta()
        self.over = Event()
        """Set when the shop closes, so that nothing hangs for longer."""

    def strike(self, fault: Fault | None) -> None:
        """Have this happen to the next calls in the place of whatever was to; None is nothing."""
        with self._lock:
            self._fault, self._left = fault, fault.times if fault else 0

    def strikes(self, said: bytes) -> Fault | None:
        """What happens to this call, which is one less from now on; None when it is let through."""
        with self._lock:
            if self._fault is None or not self._left or self._fault.asked.encode() not in said:
                return None
            self._left -= 1
            return self._fault

    def set_clock(self, minutes: int) -> None:
        """Let the shop's clock be so many minutes ahead, or behind. Raises ValueError."""
        if abs(minutes) > MOST_MINUTES:
            raise ValueError("A clock is wrong by a day at most.")
        self._ahead = timedelta(minutes=minutes)

    def now(self) -> datetime:
        """This moment, by the shop's clock."""
        return datetime.now(UTC) + self._ahead

    def as_dict(self) -> dict[str, Any]:
        """What is to come, for pages and programs."""
        with self._lock:
            fault = asdict(self._fault) if self._fault and self._left else None
            minutes = int(self._ahead.total_seconds() // 60)
            return {"fault": fault, "left": self._left, "clock_minutes": minutes}
