"""A whole installation of real processes that can be killed one by one: web, workers, demo shop.

Each process leads a group of its own, so that killing it kills what it has started. Nobody restarts
anything but the test, as a supervisor would.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO

import requests
from cryptography.fernet import Fernet
from rich.console import Console

from app.cli.addresses import free_port
from app.db import Database
from app.jobs.hosts import platform_of
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.models.shop import shop_by_domain
from app.vault import Vault
from demoshop.tour.pages import Control
from demoshop.tour.report import Report
from demoshop.tour.route import Tour
from demoshop.tour.scene import Scene
from tests.builders import a_program, published
from tests.flows.processes import COMMAND, PATIENCE_SECONDS, surroundings, until
from tests.source import ROOT
from tests.web.conftest import some_settings
from tests.web.signing import SECRET, SHOP, proxied

AFTER_EVERY_LEASE = timedelta(minutes=6)
WORKERS = ("worker 1", "worker 2")
SEAL_KEY = Fernet.generate_key().decode()


class Installation:
    """Web, two workers and a demo shop on one database, and what a test does to them."""

    def __init__(self, folder, database_url):
        self.folder = folder
        app_port = free_port()
        shop_port = free_port(beside=app_port)
        self.app_url = f"http://127.0.0.1:{app_port}"
        self.shop_url = f"http://127.0.0.1:{shop_port}"
        self.settings = some_settings(
            instance=folder,
            database_url=database_url,
            public_url=self.app_url,
            shopify_client_id="stamkunde-demo",
            shopify_origin=self.shop_url,
            shopify_script_tags=True,
            seal_keys=(SEAL_KEY,),
        )
        self.database = Database(database_url, pool_size=4)
        self.shop = Control(self.shop_url)
        self._commands = {
            "demo shop": [sys.executable, "-m", "demoshop"],
            "web": [COMMAND, "web", "--port", str(app_port), "--grace", "10"],
        } | {name: [COMMAND, "worker"] for name in WORKERS}
        self._environment = surroundings(folder, database_url) | {
            "STAMKUNDE_URL": self.app_url,
            "STAMKUNDE_SHOPIFY_ORIGIN": self.shop_url,
            "STAMKUNDE_SHOPIFY_SCRIPT_TAGS": "1",
            "STAMKUNDE_SHOPIFY_CLIENT_ID": "stamkunde-demo",
            "STAMKUNDE_SHOPIFY_CLIENT_SECRET": SECRET,
            "STAMKUNDE_SEAL_KEYS": SEAL_KEY,
            "STAMKUNDE_HASH_KEY": self.settings.hash_key,
            "STAMKUNDE_SESSION_KEY": self.settings.session_key,
            "STAMKUNDE_LOG_JSON": "1",
            "DEMOSHOP_PORT": str(shop_port),
            "DEMOSHOP_DATA": str(folder / "demoshop.sqlite3"),
            "DEMOSHOP_DOMAIN": SHOP,
            "DEMOSHOP_APP_URL": self.app_url,
            "DEMOSHOP_CLIENT_ID": "stamkunde-demo",
            "DEMOSHOP_CLIENT_SECRET": SECRET,
            # Four hours of retries in four seconds.
            "DEMOSHOP_CLOCK": "3600",
        }
        self.running = {}

    def start(self, name):
        """Start one of the programs, as a supervisor does for one that has ended."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self._commands[name],
                env=self._environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name):
        """End a program and all that it has started, in the middle of whatever it does."""
        os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait(PATIENCE_SECONDS)

    def is_serving(self):
        """Whether the web answers."""
        return self.is_up("web", f"{self.app_url}/healthz")

    def is_up(self, name, url):
        """Whether a page of a program answers; an assertion fails when it has ended instead."""
        code = self.running[name].poll()
        assert code is None, (self.folder / f"{name}.log").read_text()[-2000:]
        return is_there(url)

    def open_business(self):
        """Install the app in the demo shop, and publish a program of a point for each krone."""
        Tour(Scene(self.shop_url), Report(Console(file=StringIO()))).install()
        with self.database.transaction() as session:
            published(session, shop_by_domain(session, SHOP), a_program(), at=datetime.now(UTC))

    def ask_for_shopper(self, method, path, customer, **how):
        """The app's answer to a question of a shopper, as the proxy signs it; None without one."""
        now = str(int(datetime.now(UTC).timestamp()))
        address = self.app_url + proxied(path, customer=str(customer), timestamp=now)
        try:
            return requests.request(method, address, timeout=10, **how)
        except requests.RequestException:
            return None

    def settle_down(self):
        """Stop everything politely but the shop, and finish what is left when all leases are over.

        The clock of the last worker is ahead, so that nobody has to wait for the leases.
        """
        self.shop.act("webhooks/due")
        until(lambda: not self.shop.state()["webhooks"].get("pending"))
        for name in ("web", *WORKERS):
            self.running[name].terminate()
            self.running[name].wait(PATIENCE_SECONDS)
        vault = Vault(self.settings.seal_keys, self.settings.hash_key)
        tools = Tools(self.database, vault, platform_of(self.settings), self.app_url)
        later = datetime.now(UTC) + AFTER_EVERY_LEASE
        # Once for what was left, once for what the first has caused.
        for minutes in (0, 6):
            Worker(tools, clock=lambda at=later + timedelta(minutes=minutes): at).drain()


@contextmanager
def installed(folder, database_url):
    """An installation that is open for business; all its processes are gone when the block ends."""
    here = Installation(folder, database_url)
    with ExitStack() as stack:
        stack.callback(here.database.close)
        stack.callback(lambda: [here.kill(name) for name in here.running if _lives(here, name)])
        for name in ("demo shop", "web", *WORKERS):
            here.start(name)
        until(lambda: here.is_up("demo shop", f"{here.shop_url}/demo/api/state?light=0"))
        until(here.is_serving)
        here.open_business()
        yield here


def _lives(here, name):
    return here.running[name].poll() is None


def is_there(url):
    """Whether a page answers well."""
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False
