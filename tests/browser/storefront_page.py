"""A shop page with the strictest content policy, our widget on it, and an app that can misbehave.

It is a real server on a real port, so that what the browser does about a reset connection or a
wrong content type is what it does to shoppers.
"""

import gzip
import json
import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple

from app.web.storefront.script import widget_script
from tests.browser.storefront_answers import REWARDS, a_member, a_redemption, rewards_for

POLICY = (
    "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self'; "
    "require-trusted-types-for 'script'"
)
PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Nordlys</title>
<link rel="stylesheet" href="/shop.css">
<script src="/shop.js"></script>
{script}
</head>
<body>
<main><h1>Nordlys</h1><p>Candles and blankets.</p>
<button id="add">Add to cart</button> <span id="cart">0</span> in the cart</main>
{widget}
</body>
</html>"""
SCRIPT = '<script async src="/widget.js"></script>'
# The shop notices what a shop would: errors, refused promises, breaches of its policy, movement.
SHOP = """
window.noticed = { errors: [], violations: [], shift: 0 };
addEventListener("error", (event) => event.message && noticed.errors.push(event.message));
addEventListener("unhandledrejection", (event) => noticed.errors.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => noticed.violations.push(event.blockedURI));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) noticed.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
addEventListener("DOMContentLoaded", () => {
  document.querySelector("#add").onclick = () => document.querySelector("#cart").textContent++;
});
"""
STYLE = """
body { font-family: sans-serif; margin: 2em; } main { max-width: 40em; }
stamkunde-points { display: block; min-height: 4em; }
"""
LONGEST_HANG_SECONDS = 15
LONGEST_PATH = 8190
"""What servers take of an address when nobody tells them otherwise."""


class Asked(NamedTuple):
    """A request that reached the server."""

    method: str
    path: str
    key: str | None


class Storefront:
    """The shop and the app behind it, with what a test may change about them.

    `script` and `api` say how the two answer: "works", or one of the ways in which they fail.
    """

    def __init__(self) -> None:
        self.script = "works"
        self.api = "works"
        self.me = a_member()
        self.first_state = "ready"
        self.lose_next_answer = False
        self.refusal = ""
        self.longest_path = LONGEST_PATH
        self.lang, self.dir, self.widget = "en", "ltr", ""
        self.has_widget = True
        self.asked: list[Asked] = []
        self.bodies: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.over = Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}).start()

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def redeem(self, key: str, code: str) -> dict[str, Any]:
        """Take the points and give a code; the same key gets the same answer."""
        if key not in self.answers:
            reward = next((reward for reward in REWARDS if reward["code"] == code), REWARDS[0])
            redemption = a_redemption(len(self.answers) + 1, self.first_state, reward)
            self.answers[key] = self.changed(redemption, -reward["cost_points"])
        return self.answers[key]

    def cancel(self, redemption_id: str) -> dict[str, Any]:
        """Give the points back for a code."""
        given = next(one for one in self.me["redemptions"] if one["id"] == redemption_id)
        redemption = given | {"state": "canceled", "cancelable": False}
        return self.changed(redemption, given["cost_points"])

    def changed(self, redemption: dict[str, Any], points: int) -> dict[str, Any]:
        """The answer to a shopper who bought or returned something."""
        balance = self.me["member"]["balance"] + points
        others = [one for one in self.me["redemptions"] if one["id"] != redemption["id"]]
        news = {
            "member": self.me["member"] | {"balance": balance},
            "rewards": rewards_for(balance),
        }
        self.me = self.me | news | {"redemptions": [redemption, *others]}
        return {"redemption": redemption, **news}

    def api_requests(self) -> list[Asked]:
        """What the app was asked, in order."""
        return [asked for asked in self.asked if asked.path.startswith("/apps/")]

    def keys(self) -> list[str | None]:
        """The idempotency keys of the redemptions that were asked for."""
        return [asked.key for asked in self.asked if asked.path.endswith("/redemptions")]


def handler_for(shop: Storefront) -> type[BaseHTTPRequestHandler]:
    """The requests of one storefront."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.note()
            match self.path.split("?")[0]:
                case "/" | "/checkouts/1/thank-you":
                    script = SCRIPT if shop.has_widget else ""
                    page = PAGE.format(
                        lang=shop.lang, dir=shop.dir, widget=shop.widget, script=script
                    )
                    self.answer(page, "text/html", policy=POLICY)
                case "/shop.js":
                    self.answer(SHOP, "text/javascript")
                case "/shop.css":
                    self.answer(STYLE, "text/css")
                case "/widget.js":
                    self.as_told(shop.script, widget_script(), "text/javascript")
                case "/apps/stamkunde/me" if len(self.path) > shop.longest_path:
                    self.answer("<h1>Request line is too large</h1>", "text/html", status=400)
                case "/apps/stamkunde/me":
                    self.as_told(shop.api, json.dumps(shop.me), "application/json")
                case _:
                    self.answer("Not found", "text/plain", status=404)

        def do_POST(self) -> None:
            self.note()
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            shop.bodies.append(body)
            parts = self.path.split("/")
            if shop.refusal:
                answer, status = {"code": "not_enough_points", "message": shop.refusal}, 409
            elif parts[-1] == "cancellation":
                answer, status = shop.cancel(parts[-2]), 200
            else:
                answer, status = shop.redeem(self.headers["Idempotency-Key"], body["reward"]), 201
            mode = "reset" if shop.lose_next_answer else shop.api
            shop.lose_next_answer = False
            self.as_told(mode, json.dumps(answer), "application/json", status)

        def note(self) -> None:
            key = self.headers["Idempotency-Key"]
            shop.asked.append(Asked(self.command, self.path, key))

        def as_told(self, mode: str, text: str, kind: str, status: int = 200) -> None:
            """Answer, or fail in the way the test asked for."""
            match mode:
                case "works":
                    self.answer(text, kind, status=status)
                case "missing":
                    self.answer("Not found", "text/plain", status=404)
                case "500":
                    self.answer('{"code": "internal", "message": "x"}', kind, status=500)
                case "garbage":
                    self.answer("}{ not at all", "text/plain")
                case "null":
                    self.answer("null", kind)
                case "half":
                    self.answer('{"live": true, "program": null}', kind)
                case "html":
                    self.answer("<h1>Be right back</h1>", "text/html")
                case "hang":
                    shop.over.wait(LONGEST_HANG_SECONDS)
                case "reset":
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()

        def answer(self, text: str, kind: str, *, status: int = 200, policy: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("X-Content-Type-Options", "nosniff")
            body = gzip.compress(text.encode())
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: the tests look at what was noted."""

        def finish(self) -> None:
            # After a reset there is no one to flush to.
            if not self.connection._closed:
                super().finish()

    return Handler
