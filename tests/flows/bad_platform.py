"""The demo shop over real HTTP, whose faults strike the calls of an installation of ours."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO

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
from demoshop.host.faults import Fault
from demoshop.host.installation import consent
from demoshop.records.discount import Discount
from demoshop.web import create_app
from tests.builders import an_order, published, settled

ASTRID = "7100000001"
"""A customer of the demo shop."""
SECRET = "as long as the secrets of real apps are"
APP = "https://app.stamkunde.example"
SCOPE = "read_orders,read_customers,read_products,read_discounts,write_discounts"


class Ear:
    """Hears every call on its way to the shop; some can be made to wait there."""

    def __init__(self, shop):
        self._shop = shop
        self._held, self.go_on = b"", threading.Event()
        self.calls = []

    def hold(self, asked):
        """Let calls with this text in them wait until `go_on` is set."""
        self._held = asked.encode()

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        said = environ["PATH_INFO"].encode() + body
        self.calls.append(said)
        if self._held and self._held in said:
            self.go_on.wait(10)
        return self._shop(environ, start_response)


class Clock:
    """The time of day, and what a test adds to it."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


class Town:
    """A demo shop, what it hears, and an installation of ours that it has let in."""

    def __init__(self, database, vault, shop, ear, port):
        self.machine, self.ear, self.database = shop.extensions["machine"], ear, database
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

    def strike(self, how, *, asked, heard, times=1):
        """Have the shop make the next calls with this text in them go wrong."""
        self.machine.faults.strike(Fault(how, asked, heard, times))

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
    ear = Ear(shop.wsgi_app)
    server = make_server("127.0.0.1", 0, ear, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Town(database, vault, shop, ear, server.server_port)
    finally:
        ear.go_on.set()
        shop.extensions["machine"].faults.over.set()
        server.shutdown()
        thread.join()
        shop.extensions["machine"].close()
