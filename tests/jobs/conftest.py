"""A shop that is connected, a clock that tests move, and Shopify as a test tells it to answer."""

import json
from datetime import timedelta

import pytest
import responses
from sqlalchemy import select, text

from app.jobs.access import seal_tokens
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.loyalty.admit import admit, keep_tokens
from app.models.member import member_of
from app.models.shop import find_shop, shop_by_domain
from app.platforms.base import Tokens
from app.platforms.shopify.platform import Shopify
from tests.builders import published
from tests.databases import NOON
from tests.platforms.shopify.conftest import Host, a_registration
from tests.records import accept

DOMAIN = "nordlys.myshopify.com"
FOREVER = Tokens(access="shpat_1", scopes=("read_orders",))
HOURLY = Tokens(
    access="shpat_1", scopes=("read_orders",), expires_at=NOON + timedelta(hours=1), refresh="r1"
)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at

    def move(self, **by):
        self.at += timedelta(**by)


class World:
    """One installation with a connected shop, and a worker that is run by hand."""

    def __init__(self, database, vault):
        platform = Shopify(a_registration())
        self.clock = Clock(NOON + timedelta(days=365))
        self.tools = Tools(database, vault, platform, "https://app.example")
        self.database = database
        self.worker = self.another_worker()

    def another_worker(self):
        return Worker(self.tools, clock=self.clock)

    def connect(self, tokens=FOREVER, program=None):
        """Install the shop, as if the platform had answered everything."""
        with self.database.transaction() as session:
            sealed = seal_tokens(self.tools.vault, tokens)
            shop = find_shop(session, DOMAIN)
            if shop is None:
                shop = admit(session, platform="shopify", domain=DOMAIN, tokens=sealed, at=NOON)
            keep_tokens(session, shop, sealed)
            shop.currency = "DKK"
            published(session, shop, program)
            self.forget_connect(session)
        return shop

    def forget_connect(self, session):
        """Take out the effect that connects a shop: tests begin behind it."""
        session.flush()
        session.execute(text("DELETE FROM effect WHERE shop_id > 0 AND kind = 'Connect'"))

    def receive(self, body, topic="orders/paid", delivery_id=None, seal=True, triggered_at=None):
        """Take in a webhook, as the web does after its signature was right."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        with self.database.transaction() as session:
            accept(
                session,
                shop_by_domain(session, DOMAIN).id,
                delivery_id=delivery_id or f"{topic}:{hash(raw)}",
                topic=topic,
                body_sealed=self.tools.vault.seal(raw) if seal else raw,
                triggered_at=triggered_at,
                at=self.clock(),
            )

    def member(self, customer_id="7"):
        with self.database.reading() as session:
            return member_of(session, shop_by_domain(session, DOMAIN).id, customer_id)

    def all_of(self, table):
        """Every row of a table of the shop."""
        with self.database.reading() as session:
            shop_id = shop_by_domain(session, DOMAIN).id
            return list(session.scalars(select(table).where(table.shop_id == shop_id)))


@pytest.fixture
def world(database, vault):
    """An installation with one connected shop."""
    world = World(database, vault)
    world.connect()
    return world


@pytest.fixture
def host():
    """Shopify's answers, in the order in which they are given."""
    with responses.RequestsMock(registry=responses.registries.OrderedRegistry) as mock:
        yield Host(mock)
