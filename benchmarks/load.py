"""A small client that asks as fast as it is answered, in a process of its own.

It speaks just enough HTTP over connections that stay open: requests are bytes that were made
before, so that it takes as little as it can of the processors that it shares with what it measures.
Its plan is a file of JSON; its last line of output is what it saw.
"""

import json
import selectors
import socket
import sys
from pathlib import Path
from time import perf_counter, process_time
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
        self.asked_at = perf_counter()
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


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Ask for so long, then take in what is still under way."""
    requests = Requests(plan["requests"], plan["prefix"])
    waits: list[float] = []
    failed = 0
    with selectors.DefaultSelector() as selector:
        began, burnt = perf_counter(), process_time()
        for _ in range(plan["connections"]):
            line = Line(plan["port"])
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.ask(next(requests))
        busy, until = plan["connections"], began + plan["seconds"]
        while busy:
            ready = selector.select(timeout=PATIENCE_SECONDS)
            assert ready, "The server does not answer."
            for key, _ in ready:
                line, status = key.data, key.data.status()
                if status is None:
                    continue
                now = perf_counter()
                waits.append(now - line.asked_at)
                failed += status != 200
                if now < until and len(waits) + busy <= plan["most"]:
                    line.ask(next(requests))
                else:
                    busy -= 1
                    selector.unregister(line.socket)
                    line.socket.close()
        took = perf_counter() - began
    waits.sort()
    return {
        "rate": len(waits) / took,
        "count": len(waits),
        "failed": failed,
        "p50_ms": 1000 * waits[len(waits) // 2],
        "p99_ms": 1000 * waits[min(len(waits) - 1, len(waits) * 99 // 100)],
        "client_share": (process_time() - burnt) / took,
    }


if __name__ == "__main__":
    print(json.dumps(run(json.loads(Path(sys.argv[1]).read_text()))))
