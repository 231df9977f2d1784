"""Makes the README's pictures: a demo is started, clicked through, and photographed.

Run by `make pictures`. The pictures show what a newcomer sees, so nothing in them is arranged.
"""

import re
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.flows.clicks import buy, go_live, install, launcher, log_in, reload_until
from tests.flows.processes import running_demo
from tests.parts import CHROMIUM_FLAGS, chromium_path
from tests.source import ROOT

PICTURES = ROOT / "docs" / "images"


def main():
    """Photograph the widget in the demo shop, and the admin's home."""
    PICTURES.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        demo = stack.enter_context(running_demo(Path(folder)))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
        )
        context = browser.new_context(
            locale="en-GB", viewport={"width": 1180, "height": 800}, color_scheme="light"
        )
        photograph(context.new_page(), demo.ready())
        browser.close()


def photograph(page, urls):
    """Buy as three people, redeem as one, and take the pictures on the way."""
    install(page, urls)
    go_live(page)
    for name, product in (("Bj", "fjord-cup"), ("Chlo", "moss-vase"), ("Astrid", "winter-teapot")):
        log_in(page, urls, name)
        buy(page, urls, product)
    buy(page, urls, "heather-throw")
    reload_until(page, urls["shop_url"], launcher(page, "1,940"))
    launcher(page, "1,940").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("button", name=re.compile("^Redeem.*50 kr")).click()
    panel.get_by_role("button", name=re.compile("Copy")).wait_for(timeout=20_000)
    page.screenshot(path=PICTURES / "widget.png")
    page.goto(f"{urls['app_url']}/admin/")
    page.screenshot(path=PICTURES / "admin.png")


if __name__ == "__main__":
    main()
