"""A worker is killed in the middle of its work, and another one finishes it."""

import json
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from app.jobs.inbox import BATCH, LEASE
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.loyalty.digest import digest
from app.loyalty.rebuild import rebuild
from app.loyalty.verify import verify
from app.models.delivery import Delivery
from app.models.queue import ALL_SHOPS, State
from app.models.shop import Shop, shop_by_domain
from app.models.transfer import TransferRow
from app.platforms.shopify.platform import Shopify
from app.vault import Vault
from tests.builders import published
from tests.databases import a_shop
from tests.flows.processes import COMMAND, surroundings
from tests.platforms.shopify.bodies import an_order
from tests.platforms.shopify.conftest import a_registration
from tests.records import accept
from tests.source import ROOT

DOMAIN = "nordlys.myshopify.com"
ORDERS = 1500
NOW = datetime.now(UTC)
KEYS = {"STAMKUNDE_SEAL_KEYS": Fernet.generate_key().decode(), "STAMKUNDE_HASH_KEY": "of the test"}


@pytest.fixture
def tools(database):
    """What a worker in this process works with: the same keys as those in the others."""
    vault = Vault([KEYS["STAMKUNDE_SEAL_KEYS"]], KEYS["STAMKUNDE_HASH_KEY"])
    return Tools(database, vault, Shopify(a_registration()), "https://app.example")


@contextmanager
def worker_process(database_url, instance):
    """A worker in the middle of its second batch, killed without a word when the block ends.

    It writes its log into a pipe that nobody empties, so it cannot run away from the test.
    """
    worker = subprocess.Popen(
        [COMMAND, "worker"],
        env=surroundings(instance, database_url) | KEYS,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        done = (line for line in worker.stdout if b"outcome=done" in line)
        assert len(list(islice(done, BATCH + 1))) == BATCH + 1
        yield worker
    finally:
        worker.kill()
        worker.communicate(timeout=10)


def receive_orders(tools):
    """Let so many paid orders wait in the inbox, as the web takes them in."""
    with tools.database.transaction() as session:
        shop = a_shop(session, DOMAIN)
        published(session, shop)
        for number in range(ORDERS):
            body = an_order(id=100_000 + number)
            accept(
                session,
                shop.id,
                delivery_id=f"order-{number}",
                topic="orders/paid",
                body_sealed=tools.vault.seal(json.dumps(body).encode()),
                triggered_at=None,
                at=NOW,
            )


def counted(tools, *conditions):
    """How many deliveries there are of a kind."""
    with tools.database.reading() as session:
        query = select(func.count()).select_from(Delivery).where(*conditions)
        return session.scalar(query.execution_options(**ALL_SHOPS))


def test_what_a_killed_worker_left_is_done_once_by_the_next(tools, database_url, tmp_path):
    receive_orders(tools)
    is_done = Delivery.state == State.DONE

    with worker_process(database_url, tmp_path):
        pass
    left = ORDERS - counted(tools, is_done)
    after_the_lease = NOW + LEASE + timedelta(minutes=1)
    Worker(tools, clock=lambda: after_the_lease).drain()
    Worker(tools, clock=lambda: after_the_lease).drain()

    with tools.database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        proof = verify(session, shop)
        earned = session.scalar(
            select(func.count()).where(
                TransferRow.shop_id == shop.id, TransferRow.source == "issued"
            )
        )
    assert 0 < left < ORDERS
    assert counted(tools, is_done) == ORDERS
    assert proof.differences == ()
    assert earned == ORDERS
    # What was journaled is what was committed: nothing of the batch that died, nothing twice.
    with tools.database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        again = rebuild(session, shop, session, domain="again", progress=lambda *_: None)
        assert digest(session, session.get_one(Shop, again)) == digest(session, shop)


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_begun(tools, database_url, tmp_path):
    receive_orders(tools)

    with worker_process(database_url, tmp_path) as worker:
        worker.terminate()
        worker.communicate(timeout=30)

    assert worker.returncode == 0
    assert counted(tools, Delivery.state == State.TRYING) == 0
