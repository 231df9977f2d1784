"""The app and the demo shop next door to each other, both served over HTTP by this process."""

from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

from sqlalchemy import select
from werkzeug.serving import make_server

from app.jobs.hosts import platform_of
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.loyalty.publish import publish
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.redemption import Redemption
from app.models.shop import shop_by_domain
from app.vault import Vault
from app.web import create_app
from demoshop.config import Settings as ShopSettings
from demoshop.tour.pages import form_to
from demoshop.tour.scene import Scene
from demoshop.web import create_app as create_shop
from tests.flows.processes import until
from tests.web.conftest import some_settings

DOMAIN = "nordlys.myshopify.com"
ASTRID = "7100000001"


class Served:
    """A Flask application on a port of its own."""

    def __init__(self):
        self.server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.app = None
        self._thread = Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def _answer(self, environ, start_response):
        return self.app(environ, start_response)

    def close(self):
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


class Street:
    """The app and the demo shop next door to each other, and Astrid with her browser."""

    def __init__(self, database, folder):
        self.database = database
        self.shop_server, self.app_server = Served(), Served()
        settings = some_settings(
            public_url=self.app_server.url,
            shopify_origin=self.shop_server.url,
            shopify_client_id="stamkunde-demo",
            shopify_client_secret="hush",
        )
        shop = ShopSettings(
            data=folder / "shop.sqlite3",
            app_url=self.app_server.url,
            client_secret="hush",
            clock=3600.0,
        )
        self.shop_server.app = create_shop(shop)
        self.app_server.app = create_app(settings, database)
        vault = Vault(settings.seal_keys, settings.hash_key)
        self.tools = Tools(database, vault, platform_of(settings), settings.public_url)
        self.worker = Worker(self.tools)
        self.machine = self.shop_server.app.extensions["machine"]
        self.machine.sender.start()
        self.scene = Scene(self.shop_server.url)
        self.shop = self.scene.shop

    def close(self):
        self.machine.close()
        self.app_server.close()
        self.shop_server.close()

    def open(self, program):
        """The merchant installs the app and goes live with a program; Astrid logs in."""
        page = self.scene.merchant.get(self.shop.act("install")["url"])
        self.scene.merchant.send_form(page, "/admin/oauth/authorize", decision="install")
        self.work_until(lambda: self.scene.shop.state()["subscriptions"])
        with self.database.transaction() as session:
            shop = shop_by_domain(session, DOMAIN)
            publish(session, shop, program, author="test", at=datetime.now(UTC))
        # Gift cards and store credit are asked for when a program has them.
        consent = self.scene.merchant.get(f"{self.app_server.url}/admin/permission")
        if form_to(consent, "/admin/oauth/authorize"):
            self.scene.merchant.send_form(consent, "/admin/oauth/authorize", decision="install")
        self.scene.shopper.post_form(f"{self.shop_server.url}/login", persona="astrid")

    def work_until(self, look):
        """Let the worker work until something is so."""

        def seen():
            self.worker.drain()
            return look()

        return until(seen)

    def buy(self, quantity=2, **changes):
        lines = [{"product": "fjord-cup", "quantity": quantity}]
        return self.shop.act("orders", persona="astrid", lines=lines, **changes)

    def redeem(self, reward):
        """Astrid presses the button, and presses it again; what she is answered."""
        key = {"Idempotency-Key": str(uuid4()), "Origin": self.shop_server.url}
        url = f"{self.shop_server.url}/apps/stamkunde/redemptions"
        answers = [
            self.scene.shopper.post_json(url, {"reward": reward, "points": None}, **key)
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
        first, again = (answer.json()["redemption"] for answer in answers)
        assert first["id"] == again["id"]
        return first

    def balance(self):
        """What Astrid has, and what of it is held."""
        with self.database.reading() as session:
            member = member_of(session, shop_by_domain(session, DOMAIN).id, ASTRID)
            return (member.available, member.held) if member else (0, 0)

    def rows(self, table):
        with self.database.reading() as session:
            shop_id = shop_by_domain(session, DOMAIN).id
            return list(session.scalars(select(table).where(table.shop_id == shop_id)))

    def states(self):
        return sorted(row.state for row in self.rows(Redemption))

    def code_shown(self, redemption):
        """The code that Astrid's widget shows for what she bought."""
        told = self.scene.widget()["redemptions"]
        return next(one["code"] for one in told if one["id"] == redemption["id"])

    def books_hold(self):
        with self.database.reading() as session:
            return verify(session, shop_by_domain(session, DOMAIN)).holds


@contextmanager
def open_street(database, folder, program):
    """A street that is open, with a program; closed when the block ends."""
    street = Street(database, folder)
    try:
        street.open(program)
        yield street
    finally:
        street.close()
