"""A disk that is full, a lock that stays, a server that only reads or is away: for a while.

Each time the platform is told to come again (503), and when the trouble is over, everything goes on
by itself: nobody starts anything anew.
"""

import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import Database
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.models.delivery import Delivery
from app.models.queue import ALL_SHOPS, State
from app.models.shop import shop_by_domain
from app.platforms.shopify.platform import Shopify
from app.web import create_app
from tests.builders import balance, published
from tests.databases import a_shop
from tests.faults.troubles import (
    a_lock_that_stays,
    full_disk,
    read_only,
    read_only_disk,
    shut_down,
)
from tests.figures import keep
from tests.flows.processes import until
from tests.platforms.shopify.bodies import an_order
from tests.platforms.shopify.conftest import a_registration
from tests.web.conftest import client, install, noon, some_settings, web
from tests.web.signing import SHOP, delivered

__all__ = ["client", "install", "noon", "web"]

TROUBLES = {
    "sqlite": (full_disk, a_lock_that_stays),
    "postgresql": (read_only, shut_down),
}


@pytest.fixture
def a_worker(database, vault):
    """A worker that is at work the whole time, with connections of its own."""
    own = Database(database.url.render_as_string(hide_password=False), pool_size=4)
    stop = threading.Event()
    worker = Worker(Tools(own, vault, Shopify(a_registration()), "https://app.example"))
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    yield thread
    stop.set()
    thread.join(30)
    own.close()


def states(database):
    """What became of the deliveries."""
    with database.reading() as session:
        query = select(Delivery.state).execution_options(**ALL_SHOPS)
        return list(session.scalars(query))


def test_the_platform_comes_again_and_all_goes_on_by_itself(client, install, database, a_worker):
    install()
    troubles = TROUBLES[database.url.get_backend_name()]

    for number, trouble in enumerate(troubles, 1):
        # Too long for what is left of a page.
        body = an_order(id=number, note="x" * 40_000)
        with trouble(database):
            refused = [delivered(client, body, key=f"order-{number}") for _ in range(3)]
        taken = until(lambda body=body, number=number: answered(client, body, number))

        assert {answer.status_code for answer in refused} == {503}, trouble.__name__
        assert {answer.json["code"] for answer in refused} == {"unavailable"}
        assert taken
        until(lambda number=number: states(database) == [State.DONE] * number)

    with database.reading() as session:
        assert balance(session, shop_by_domain(session, SHOP)) == 120 * len(troubles)
    assert a_worker.is_alive()
    keep("B6", database.url.get_backend_name(), troubles=len(troubles))


def test_a_disk_that_only_reads_is_waited_for(sqlite_template, vault, noon):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = shutil.copy(sqlite_template, folder)
        Path(path).chmod(0o644)
        database = Database(f"sqlite:///{path}")
        client = create_app(some_settings(), database).test_client()
        with database.transaction() as session:
            published(session, a_shop(session))
        worker = Worker(Tools(database, vault, Shopify(a_registration()), "https://app.example"))

        with read_only_disk(database):
            refused = [delivered(client, an_order(id=1), key="order-1") for _ in range(3)]
        assert answered(client, an_order(id=1), 1)
        worker.drain()

        with database.reading() as session:
            held = balance(session, shop_by_domain(session, SHOP))
        database.close()

    assert {(answer.status_code, answer.json["code"]) for answer in refused} == {
        (503, "unavailable")
    }
    assert held == 120
    keep("B6", "sqlite", troubles=1)


def answered(client, body, number):
    """Whether the platform's next try is taken."""
    return delivered(client, body, key=f"order-{number}").status_code == 200
