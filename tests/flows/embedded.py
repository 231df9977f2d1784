"""The demo shop's admin and the app behind https, each under its own name, for a browser to visit.

The browser believes that both names lead here. So the frame, the cookie in it and the policy of who
may frame whom are as they are between any two sites.
"""

import threading
from contextlib import contextmanager

from werkzeug.serving import make_server

from app.db import Database
from app.jobs.hosts import platform_of
from app.jobs.tools import Tools
from app.jobs.worker import Worker
from app.platforms.shopify.scopes import REQUIRED
from app.vault import Vault
from app.web import create_app
from demoshop.config import Settings
from demoshop.web import create_app as create_shop
from tests.parts import CHROMIUM_FLAGS, chromium_path
from tests.source import ROOT
from tests.web.conftest import some_settings
from tests.web.signing import SECRET, SHOP

APP = "app.stamkunde.example"
BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js"


class Installation:
    """The app and the shop, and what one has to know of the other."""

    def __init__(self, folder, database_url):
        shop = Settings(
            data=folder / "shop.sqlite3",
            app_url=f"https://{APP}",
            domain=SHOP,
            client_id="client-1",
            client_secret=SECRET,
            scopes=",".join(REQUIRED),
        )
        self._servers = []
        self._shop = create_shop(shop)
        # The app's own calls need no certificate.
        plain = self._serve(self._shop)
        self.ports = {SHOP: self._serve(self._shop, ssl_context="adhoc")}
        settings = some_settings(
            database_url=database_url,
            public_url=f"https://{APP}",
            shopify_origin=f"http://127.0.0.1:{plain}",
        )
        self.database = Database(database_url)
        vault = Vault(settings.seal_keys, settings.hash_key)
        tools = Tools(self.database, vault, platform_of(settings), settings.public_url)
        self.worker = Worker(tools)
        self.ports[APP] = self._serve(create_app(settings, self.database), ssl_context="adhoc")

    def _serve(self, application, **how):
        server = make_server("127.0.0.1", 0, application, threaded=True, **how)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self._servers.append((server, thread))
        return server.server_port

    def close(self):
        """Stop serving."""
        for server, thread in self._servers:
            server.shutdown()
            thread.join()
            server.server_close()
        self._shop.extensions["machine"].close()
        self.database.close()


@contextmanager
def private_window(chromium, installation):
    """A tab in a browser that keeps no cookie of a site in another one's page."""
    rules = ",".join(
        f"MAP {name}:443 127.0.0.1:{port}" for name, port in installation.ports.items()
    )
    flags = [
        *CHROMIUM_FLAGS,
        f"--host-resolver-rules={rules}",
        "--test-third-party-cookie-phaseout",
    ]
    # A second Playwright cannot run beside the one that drives the tests' own browser.
    browser = chromium.browser_type.launch(executable_path=chromium_path(), args=flags)
    context = browser.new_context(locale="en-GB", ignore_https_errors=True)
    script = (ROOT / "demoshop" / "static" / "bridge.js").read_text()
    context.route(BRIDGE, lambda route: route.fulfill(body=script, content_type="text/javascript"))
    yield context.new_page()
    browser.close()
