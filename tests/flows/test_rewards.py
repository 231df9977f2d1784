"""Rewards that are more than a code, played over HTTP between the app and the demo shop."""

from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from app.domain.rewards import RewardKind
from app.domain.text import text
from app.domain.tiers import Tier, Tiers
from app.jobs.hosts import platform_of
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.loyalty.publish import publish
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.pool import PoolCode, PoolCodeState
from app.models.redemption import Redemption
from app.models.shop import shop_by_domain
from app.vault import Vault
from app.web import create_app
from demoshop.config import Settings as ShopSettings
from demoshop.tour.scene import Scene
from demoshop.web import create_app as create_shop
from tests.builders import a_program, a_reward
from tests.flows.processes import until
from tests.web.conftest import some_settings

DOMAIN = "nordlys.myshopify.com"
ASTRID = "7100000001"
TIERS = Tiers(
    ladder=(
        Tier(code="guest", name=text("Guest"), threshold=0),
        Tier(code="friend", name=text("Friend"), threshold=500_00, entry_points=1000),
    )
)
PROGRAM = a_program(
    tiers=TIERS,
    rewards=(
        a_reward(pooled=True, combines=True),
        a_reward(code="card", kind=RewardKind.GIFT_CARD, cost_points=100, off_minor=100_00),
        a_reward(code="credit", kind=RewardKind.STORE_CREDIT, cost_points=200, off_minor=200_00),
    ),
)


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


@pytest.fixture
def street(database, tmp_path):
    street = Street(database, tmp_path)
    try:
        street.open(PROGRAM)
        yield street
    finally:
        street.close()


def test_a_pooled_code_is_handed_out_while_the_platform_is_down_and_used(street):
    street.buy()
    street.work_until(lambda: street.balance() == (298, 0))
    ready = street.work_until(
        lambda: [row for row in street.rows(PoolCode) if row.state == PoolCodeState.READY]
    )

    street.shop.act("chaos", api_errors=100)
    redemption = street.redeem("fifty-off")
    held = street.balance()
    order = street.buy(codes=[redemption["code"]])
    street.work_until(lambda: street.balance() != held)
    again = street.buy(codes=[redemption["code"]])

    assert redemption["state"] == "ready"
    assert redemption["code"] in {row.code for row in ready}
    assert held == (248, 50)
    assert order["discount_minor"] == 50_00
    assert again["refused_codes"][0]["reason"] == "used_up"
    street.work_until(lambda: street.balance() == (248 + 248 + 1000 + 298, 0))
    assert street.states() == ["used"]
    assert street.books_hold()


def test_an_unused_pooled_code_is_deleted_before_its_points_are_back(street):
    street.buy()
    street.work_until(
        lambda: [row for row in street.rows(PoolCode) if row.state == PoolCodeState.READY]
    )
    street.work_until(lambda: street.balance() == (298, 0))
    redemption = street.redeem("fifty-off")

    url = f"{street.shop_server.url}/apps/stamkunde/redemptions/{redemption['id']}/cancellation"
    for _ in range(2):
        street.scene.shopper.post_json(url, {}, Origin=street.shop_server.url)
    street.work_until(lambda: street.balance() == (298, 0))

    refused = street.buy(codes=[redemption["code"]])["refused_codes"]
    assert refused[0]["reason"] == "unknown"


def test_a_gift_card_and_a_credit_are_given_once_and_pay(street):
    """Both are payments: what is paid with them earns as any other money."""
    street.buy(4)
    street.work_until(lambda: street.balance() == (596 + 1000, 0))
    card, credit = street.redeem("card"), street.redeem("credit")
    street.work_until(lambda: street.states() == ["done", "done"])
    given = street.balance()

    code = street.code_shown(card)
    order = street.buy(codes=[code], store_credit=True)

    assert given == (1596 - 300, 0)
    assert order["gateways"] == ["gift_card", "shopify_store_credit", "nordlys_payments"]
    assert order["discount_minor"] == 0
    street.work_until(lambda: street.balance() == (1296 + 298, 0))
    assert street.buy(codes=[code])["refused_codes"][0]["reason"] == "used_up"
    assert {credit["state"], card["state"]} == {"issuing"}
    assert street.books_hold()


def test_what_an_order_gave_for_a_tier_goes_back_with_it_even_when_it_was_given_away(street):
    order = street.buy(4)
    street.work_until(lambda: street.balance() == (596 + 1000, 0))
    for _ in range(7):
        street.redeem("credit")
    street.work_until(lambda: street.states() == ["done"] * 7)

    street.shop.act(f"orders/{order['name'][1:]}/refunds", rest=True)
    street.work_until(lambda: street.balance() == (-1400, 0))

    assert street.books_hold()
