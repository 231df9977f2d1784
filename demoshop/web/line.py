"""The line by which the app calls the shop; where a fault strikes, no answer gets through."""

import errno
import socket
import struct
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from werkzeug.wrappers import Response

from demoshop.host.faults import ANSWERS, HANG, HANG_SECONDS, Fault, Faults

CALLED_BY_THE_APP = ("/admin/api/", "/admin/oauth/access_token")
SOCKETS = ("gunicorn.socket", "werkzeug.socket")
AT_ONCE_AND_WITHOUT_GOODBYE = struct.pack("ii", 1, 0)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Serve = Callable[[Environ, StartResponse], Iterable[bytes]]


class Line:
    """Passes calls on to the shop, and its answers back, as long as no fault strikes."""

    def __init__(self, shop: Serve, faults: Faults) -> None:
        self._shop = shop
        self._faults = faults

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        path = environ["PATH_INFO"]
        if not path.startswith(CALLED_BY_THE_APP):
            return self._shop(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        fault = self._faults.strikes(path.encode() + b"\n" + body)
        if fault is None:
            return self._shop(environ, start_response)
        if fault.heard:
            Response.from_app(self._shop, environ, buffered=True)
        return self._go_wrong(fault, environ, start_response)

    def _go_wrong(
        self, fault: Fault, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        if fault.how in ANSWERS:
            status, kind, answer, more = ANSWERS[fault.how]
            start_response(status, [("Content-Type", kind), *more])
            return [answer]
        if fault.how == HANG:
            self._faults.over.wait(HANG_SECONDS)
        line = next((environ[name] for name in SOCKETS if name in environ), None)
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE_AND_WITHOUT_GOODBYE)
            line.close()
        raise ConnectionResetError(errno.ECONNRESET, "The line is dead.")
