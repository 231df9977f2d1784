"""Dying at any point changes nothing in the end: each commit, each call, before and after.

A member earns, redeems, cancels and is reconciled, against a demo shop that is asked for real. The
same is done in a world that dies at one point and begins again from the first step, as everybody
asks again who got no answer. Both worlds must end the same, here and on the platform.
"""

import re
import shutil
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count

import pytest
from sqlalchemy import select

from app.db import Database
from app.jobs.access import seal_tokens
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.loyalty.admit import admit
from app.loyalty.cancel import cancel
from app.loyalty.digest import digest
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.delivery import accept
from app.models.redemption import Redemption
from app.models.shop import find_shop, shop_by_domain
from app.platforms.base import Tokens
from app.platforms.shopify.platform import Shopify
from demoshop.config import Settings
from demoshop.records.webhook import Webhook, subscriptions
from demoshop.web import create_app
from tests.builders import a_program, published
from tests.databases import watch_shops
from tests.demoshop.an_app import APP, SCOPES, AnApp
from tests.faults.points import Killed, Points, around_calls, around_commits
from tests.figures import keep
from tests.jobs.conftest import Clock
from tests.parts import database_on
from tests.platforms.shopify.conftest import a_registration
from tests.seeds import again, seeds
from tests.web.signing import SECRET, SHOP

ORIGIN = f"https://{SHOP}"
STEP = 40
"""Each seed dies at every fortieth point, so that forty seeds die at all of them."""


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


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]
)
def new_world(request, tmp_path, vault):
    """Worlds, each on a migrated database of its own."""
    numbers = count()

    @contextmanager
    def database_url():
        number = next(numbers)
        if request.param == "postgresql":
            template = request.getfixturevalue("postgres_template")
            server = request.getfixturevalue("postgres_server")
            with database_on(server, f"point_{number}", template=template) as url:
                yield url
            return
        path = tmp_path / f"{number}.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"

    @contextmanager
    def world():
        with database_url() as url, closing(Database(url)) as database:
            watch_shops(database)
            made = World(database, vault, tmp_path / f"{next(numbers)}.demoshop")
            yield made
            made.demo.extensions["machine"].close()

    return world


def lived(world, fatal):
    """Live once, dying at a point; then again from the start. What was passed, and the ending."""
    world.points.arm(fatal)
    with (
        around_commits(world.points, world.database.engine),
        around_calls(world.points, world.host, ORIGIN),
    ):
        try:
            world.live()
        except Killed:
            world.clock.move(minutes=10)
        passed = list(world.points.passed)
        world.points.arm(None)
        if fatal is not None:
            world.live()
        world.settles()
    return passed, world.ending()


@pytest.mark.parametrize("seed", seeds(short=1))
def test_dying_at_any_point_changes_nothing_in_the_end(new_world, request, seed):
    replay = again("tests/faults/test_points.py", seed)
    with new_world() as world:
        passed, expected = lived(world, None)

    endings = {}
    points = range((seed - 1) % STEP + 1, len(passed) + 1, STEP)
    for fatal in points:
        with new_world() as world:
            dying, ending = lived(world, fatal)
            endings[(fatal, dying[-1])] = ending

    assert expected["differences"] == ()
    assert [state for _, _, state in expected["codes"]] == ["ready", "canceled"]
    assert {point: end for point, end in endings.items() if end != expected} == {}, replay
    assert len(passed) >= 2 * STEP, "There are points on the way, or nothing was tried."
    keep("B2", request.node.callspec.params["new_world"], points=len(points))
