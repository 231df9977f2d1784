"""The demo shop over real HTTP, with a line to it that fails in every way that lines fail.

A fault strikes before the shop has heard of a call, or after it has done what was asked and before
the answer is through: the second kind is how codes come to exist twice.
"""

import socket
import struct
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from werkzeug.serving import make_server

from app.jobs.access import seal_tokens
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.loyalty.admit import admit
from app.models.effect import EffectRow
from app.models.member import member_of
from app.models.redemption import Redemption
from app.models.shop import shop_by_domain
from app.platforms.shopify.platform import Shopify
from app.platforms.shopify.registration import Registration
from demoshop.config import Settings
from demoshop.host.installation import consent
from demoshop.records.discount import Discount
from demoshop.web import create_app
from tests.builders import an_order, published, settled

ASTRID = "7100000001"
"""A customer of the demo shop."""
SECRET = "as long as the secrets of real apps are"
APP = "https://app.stamkunde.example"
SCOPE = "read_orders,read_customers,read_products,read_discounts,write_discounts"
THROTTLED = (
    b'{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":'
    b'{"requestedQueryCost":10,"actualQueryCost":null,"throttleStatus":'
    b'{"maximumAvailable":2000.0,"currentlyAvailable":0,"restoreRate":100.0}}}}'
)
JSON = "application/json"
ANSWERS = {
    "429": ("429 Too Many Requests", JSON, b'{"errors":"Exceeded"}', []),
    "429 with Retry-After": (
        "429 Too Many Requests", JSON, b'{"errors":"Exceeded"}', [("Retry-After", "2.0")],
    ),
    "THROTTLED in a 200": ("200 OK", JSON, THROTTLED, []),
    "500": ("500 Internal Server Error", JSON, b'{"errors":"Internal Server Error"}', []),
    "502 in HTML": ("502 Bad Gateway", "text/html", b"<html><h1>Bad Gateway</h1></html>", []),
    "cut JSON": ("200 OK", JSON, b'{"data":{"discountCodeBasicCreate":{"codeDisc', []),
    "errors in a 200": (
        "200 OK", JSON,
        b'{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}', [],
    ),
    "HTML in a 200": ("200 OK", "text/html", b"<html>We will be right back</html>", []),
}  # fmt: skip
SILENCES = ("reset", "hang")


class Line:
    """The way to the shop; `strike` says which of the coming calls go wrong, and how."""

    def __init__(self, shop):
        self._shop = shop
        self._struck, self._how, self._heard = set(), "", False
        self.calls = []
        self.over = threading.Event()

    def strike(self, how, *, asked, heard, times=1):
        """Have the next calls whose body or address has this text in it go wrong."""
        self._how, self._asked, self._heard, self._times = how, asked.encode(), heard, times

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = _Again(body)
        said = environ["PATH_INFO"].encode() + body
        self.calls.append(said)
        if not (self._how and self._times and self._asked in said):
            return self._shop(environ, start_response)
        self._times -= 1
        if self._heard:
            b"".join(self._shop(environ, lambda *_: None))
        if self._how in SILENCES:
            return self._silence(environ)
        status, kind, answer, more = ANSWERS[self._how]
        start_response(status, [("Content-Type", kind), *more])
        return [answer]

    def _silence(self, environ):
        if self._how == "hang":
            self.over.wait(20)
        line = environ["werkzeug.socket"]
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
        raise ConnectionError("The line is dead.")


class _Again:
    """A body that was read once, to be read again."""

    def __init__(self, body):
        self._body = body

    def read(self, _size=-1):
        body, self._body = self._body, b""
        return body


class Clock:
    """The time of day, and what a test adds to it."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


class Town:
    """A demo shop, the line to it, and an installation of ours that it has let in."""

    def __init__(self, database, vault, shop, line, port):
        self.machine, self.line, self.database = shop.extensions["machine"], line, database
        self.clock = Clock()
        registration = Registration(
            client_id="the-app",
            client_secret=SECRET,
            origin=f"http://127.0.0.1:{port}",
            scopes=tuple(SCOPE.split(",")),
        )
        self.platform = Shopify(registration)
        self.tools = Tools(database, vault, self.platform, APP)
        self.domain = self.machine.settings.domain
        self.install()
        with database.transaction() as session:
            shop = shop_by_domain(session, self.domain)
            shop.currency = "DKK"
            published(session, shop)
            settled(session, shop, an_order(customer_id=ASTRID))
            session.query(EffectRow).filter(EffectRow.shop_id == shop.id).delete()

    def install(self):
        """The merchant agrees, and we trade the code for tokens."""
        with self.machine.transaction() as session:
            code = consent(session, SCOPE, at=datetime.now(UTC))
        tokens = self.platform.exchange(self.domain, code, now=self.clock())
        with self.database.transaction() as session:
            sealed = seal_tokens(self.tools.vault, tokens)
            admit(session, platform="shopify", domain=self.domain, tokens=sealed, at=self.clock())
            shop = shop_by_domain(session, self.domain)
            session.query(EffectRow).filter(
                EffectRow.shop_id == shop.id, EffectRow.kind == "Connect"
            ).delete()

    def work(self, rounds=2):
        """Work, wait, and work again, as long as anything is to be done."""
        for _ in range(rounds):
            Worker(self.tools, clock=self.clock).drain()
            self.clock.ahead += timedelta(minutes=1)

    def member(self):
        with self.database.reading() as session:
            return member_of(session, shop_by_domain(session, self.domain).id, ASTRID)

    def all_of(self, table):
        with self.database.reading() as session:
            shop_id = shop_by_domain(session, self.domain).id
            return list(session.scalars(select(table).where(table.shop_id == shop_id)))

    def redemption(self):
        [redemption] = self.all_of(Redemption)
        return redemption

    def codes(self):
        """Every code that the shop has."""
        with self.machine.transaction() as session:
            return [one.code for one in session.scalars(select(Discount))]

    def tries(self, kind):
        """How often an effect was tried: what the merchant sees of a retry."""
        return [one.attempts for one in self.all_of(EffectRow) if one.kind == kind]


@contextmanager
def a_town(database, vault, folder):
    """A town whose shop is served over HTTP while the block lasts."""
    settings = Settings(
        data=folder / "shop.sqlite3", app_url=APP, client_id="the-app", client_secret=SECRET
    )
    shop = create_app(settings)
    line = Line(shop.wsgi_app)
    server = make_server("127.0.0.1", 0, line, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Town(database, vault, shop, line, server.server_port)
    finally:
        line.over.set()
        server.shutdown()
        thread.join()
        shop.extensions["machine"].close()
