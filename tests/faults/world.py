"""A demo shop that sells and an app that hears of it, in one process, to be killed anywhere."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from sqlalchemy import select

from app.jobs.access import seal_tokens
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.loyalty.admit import admit
from app.loyalty.cancel import cancel
from app.loyalty.digest import digest
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.redemption import Redemption
from app.models.shop import find_shop, shop_by_domain
from app.platforms.base import Tokens
from app.platforms.shopify.platform import Shopify
from demoshop.config import Settings
from demoshop.records.webhook import Webhook, subscriptions
from demoshop.web import create_app
from tests.builders import a_program, published
from tests.demoshop.an_app import APP, SCOPES, AnApp
from tests.faults.points import Points
from tests.jobs.conftest import Clock
from tests.platforms.shopify.conftest import a_registration
from tests.records import accept
from tests.web.signing import SECRET, SHOP

ORIGIN = f"https://{SHOP}"


class World:
    """A demo shop that has sold something, and an app that has not heard of it yet."""

    def __init__(self, database, vault, folder):
        self.demo = create_app(
            Settings(data=folder, app_url=APP, client_id="the-app", client_secret=SECRET)
        )
        self.host = self.demo.test_client()
        self.points = Points()
        registration = a_registration(client_id="the-app", script_tags=True)
        self.tools = Tools(database, vault, Shopify(registration), APP)
        self.database = database
        # The host goes by the real time, and so has everybody else to.
        self.clock = Clock(datetime.now(UTC))
        self.opened_at = self.clock() - timedelta(hours=1)
        self.install()

    def install(self):
        """Let the app in with a token that is about to expire, and buy twice."""
        wanted = {
            "client_id": "the-app",
            "scope": SCOPES,
            "redirect_uri": f"{APP}/install/callback",
            "state": "a1b2c3",
        }
        page = self.host.get("/admin/oauth/authorize", query_string=wanted).text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        form = {name: unescape(value) for name, value in fields.items()} | {"decision": "install"}
        given = AnApp(self.host, self.host.post("/admin/oauth/authorize", data=form).location)
        given.subscribe("ORDERS_PAID")
        self.tokens = Tokens(
            access=given.token["access_token"],
            scopes=tuple(SCOPES.split(",")),
            expires_at=self.clock() + timedelta(minutes=1),
            refresh=given.token["refresh_token"],
        )
        for number in (1, 2):
            lines = [{"product": "heather-throw", "quantity": number}]
            self.host.post("/demo/api/orders", json={"persona": "astrid", "lines": lines})
        with self.demo.extensions["machine"].transaction() as session:
            self.sent = [
                (one.webhook_id, one.topic, one.body) for one in session.scalars(select(Webhook))
            ]
        # This one is never told: only the reconcile can find it.
        lines = [{"product": "moss-vase", "quantity": 1}]
        self.host.post("/demo/api/orders", json={"persona": "astrid", "lines": lines})
        self.customer = str(self.host.get("/demo/api/state?light=0").json["personas"][0]["id"])

    def live(self):
        """Everything that happens, each step of which can be done again."""
        with self.database.transaction() as session:
            shop = find_shop(session, SHOP)
            if shop is None:
                tokens = seal_tokens(self.tools.vault, self.tokens)
                admit(session, platform="shopify", domain=SHOP, tokens=tokens, at=self.opened_at)
        self.drain()
        with self.database.transaction() as session:
            published(session, shop_by_domain(session, SHOP), a_program(), at=self.opened_at)
        self.tell()
        self.drain()
        self.redeem("first")
        self.redeem("second")
        self.drain()
        self.cancel("second")
        self.drain()

    def tell(self):
        """Have the platform's webhooks come in."""
        for webhook_id, topic, body in self.sent:
            with self.database.transaction() as session:
                accept(
                    session,
                    shop_by_domain(session, SHOP).id,
                    delivery_id=webhook_id,
                    topic=topic,
                    body_sealed=self.tools.vault.seal(body.encode()),
                    triggered_at=None,
                    at=self.clock(),
                )

    def redeem(self, key):
        """Ask for fifty kroner off."""
        with self.database.transaction() as session:
            redeem(
                session,
                shop_by_domain(session, SHOP),
                customer_id=self.customer,
                reward_code="fifty-off",
                request_key=key,
                code=f"STAM-{key}",
                at=self.clock(),
            )

    def cancel(self, key):
        """Give a code back."""
        with self.database.transaction() as session:
            shop = shop_by_domain(session, SHOP)
            wanted = Redemption.shop_id == shop.id, Redemption.request_key == key
            found = session.scalars(select(Redemption).where(*wanted)).one()
            cancel(session, shop, found.id, customer_id=self.customer, at=self.clock())

    def drain(self):
        """Let a worker work, which lives no longer than that."""
        Worker(self.tools, clock=self.clock).drain()

    def settles(self):
        """Two cycles of the reconcile, so that nothing waits for time alone."""
        for _ in range(2):
            self.clock.move(minutes=6)
            self.drain()

    def ending(self):
        """What a shopper, an accountant and the platform see in the end."""
        with self.database.reading() as session:
            shop = shop_by_domain(session, SHOP)
            mine = session.scalars(select(Redemption).where(Redemption.shop_id == shop.id))
            seen = {
                "digest": digest(session, shop),
                "differences": verify(session, shop).differences,
                "codes": sorted((one.request_key, one.code, one.state) for one in mine),
            }
        with self.demo.extensions["machine"].transaction() as session:
            listening = sorted(row.topic for row in subscriptions(session))
        codes = self.host.get("/demo/api/state?light=0").json["discounts"]
        # Whoever died has made the code later, by a clock that is ahead of the host's.
        usable = ("ACTIVE", "SCHEDULED")
        there = sorted((one["code"], one["status"] in usable) for one in codes)
        return seen | {"there": there, "listening": listening}
