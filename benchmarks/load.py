"""A small client that asks as fast as it is answered, or at a given rate, in a process of its own.

It speaks just enough HTTP over connections that stay open: requests are bytes that were made
before, so that it takes as little as it can of the processors that it shares with what it measures.
Its plan is a file of JSON; its last line of output is what it saw.
"""

import json
import selectors
import socket
import sys
from pathlib import Path
from time import perf_counter, process_time, time
from typing import Any

PATIENCE_SECONDS = 30
ID = "@ID@"
"""Where in a request a number goes that no other request has."""


class Line:
    """One connection, and the request that is under way on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked_at = 0.0
        self._answer = b""

    def ask(self, request: bytes) -> None:
        self._answer = b""
        self.socket.sendall(request)

    def status(self) -> int | None:
        """The answer's status once all of it is here; None while some is missing."""
        piece = self.socket.recv(65_536)
        assert piece, "The server closed a connection."
        self._answer += piece
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found:
            return None
        for header in head.lower().split(b"\r\n"):
            if head[9:12] == b"304":
                return 304
            if header.startswith(b"content-length:"):
                if len(body) < int(header.partition(b":")[2]):
                    return None
                return int(head[9:12])
        raise ValueError(f"An answer without a length: {head!r}")


class Requests:
    """The requests of a plan, over and over, each time with an id of its own."""

    def __init__(self, templates: list[str], prefix: str) -> None:
        split = [template.encode("latin-1").partition(ID.encode()) for template in templates]
        self._halves = [(head, bool(mark), tail) for head, mark, tail in split]
        self._prefix = prefix
        self._count = 0

    def __next__(self) -> bytes:
        head, has_id, tail = self._halves[self._count % len(self._halves)]
        self._count += 1
        return head + (b"%s-%d" % (self._prefix.encode(), self._count) if has_id else b"") + tail


class Pace:
    """When the next request is due: at once, or so many a second whatever the server does."""

    def __init__(self, plan: dict[str, Any], began: float) -> None:
        self._rate: float | None = plan.get("rate")
        self._began, self._until = began, began + plan["seconds"]
        self._most: int = plan["most"]
        self.asked = 0

    @property
    def is_over(self) -> bool:
        return self.asked >= self._most or self.due_at() >= self._until

    def due_at(self) -> float:
        if self._rate is None:
            return perf_counter()
        return self._began + self.asked / self._rate


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Ask for so long, then take in what is still under way.

    At a rate, a wait is counted from when the request was due: who is not answered is late, too.
    """
    requests = Requests(plan["requests"], plan["prefix"])
    waits: list[float] = []
    failed = 0
    with selectors.DefaultSelector() as selector:
        idle = [Line(plan["port"]) for _ in range(plan["connections"])]
        for line in idle:
            selector.register(line.socket, selectors.EVENT_READ, line)
        began, began_at, burnt = perf_counter(), time(), process_time()
        pace = Pace(plan, began)
        while not pace.is_over or len(idle) < plan["connections"]:
            while idle and not pace.is_over and pace.due_at() <= perf_counter():
                due_at = pace.due_at()
                idle[-1].ask(next(requests))
                idle.pop().asked_at = due_at
                pace.asked += 1
            may_ask = idle and not pace.is_over
            wait = max(0.0, pace.due_at() - perf_counter()) if may_ask else PATIENCE_SECONDS
            ready = selector.select(timeout=wait)
            assert ready or may_ask, "The server does not answer."
            for key, _ in ready:
                line, status = key.data, key.data.status()
                if status is None:
                    continue
                waits.append(perf_counter() - line.asked_at)
                failed += status not in plan.get("right", [200])
                idle.append(line)
        took = perf_counter() - began
    waits.sort()
    return {
        "began_at": began_at,
        "rate": len(waits) / took,
        "count": len(waits),
        "failed": failed,
        "p50_ms": 1000 * waits[len(waits) // 2],
        "p99_ms": 1000 * waits[min(len(waits) - 1, len(waits) * 99 // 100)],
        "client_share": (process_time() - burnt) / took,
    }


if __name__ == "__main__":
    print(json.dumps(run(json.loads(Path(sys.argv[1]).read_text()))))
