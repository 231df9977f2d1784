"""From install to the first points that a merchant sees: how many clicks, and how long."""

import time

import pytest
from playwright.sync_api import expect

from tests.flows.clicks import WAIT, reload_until
from tests.flows.processes import running_demo

MOST_CLICKS = 8
MOST_SECONDS = 180


class Counted:
    """A merchant who clicks and never types."""

    def __init__(self):
        self.clicks = 0

    def click(self, element):
        """Click once."""
        self.clicks += 1
        element.click()


@pytest.fixture
def demo(tmp_path):
    """A fresh demo."""
    with running_demo(tmp_path) as demo:
        yield demo


def test_the_first_points_are_eight_clicks_from_the_install(demo, chromium):
    urls = demo.ready()
    context = chromium.new_context(locale="en-GB")
    admin, merchant = context.new_page(), Counted()
    admin.goto(f"{urls['shop_url']}/admin/apps")

    began = time.monotonic()
    merchant.click(admin.get_by_role("link", name="Install Stamkunde"))
    merchant.click(admin.get_by_role("button", name="Install"))
    to_shop = admin.locator(".guide").get_by_role("link", name="Open your shop")
    expect(to_shop).to_be_visible(timeout=WAIT)
    with context.expect_page() as opened:
        merchant.click(to_shop)
    shop = opened.value
    merchant.click(shop.locator("a[href^='/products/']").first)
    merchant.click(shop.locator("form.buy button"))
    merchant.click(shop.locator("a[href='/checkout']"))
    merchant.click(shop.get_by_label("Place a test order"))
    merchant.click(shop.locator("form#buy button"))
    done = admin.locator(".guide-steps > li.is-done", has_text="Place a test order")
    reload_until(admin, f"{urls['app_url']}/admin/", done)
    seconds = time.monotonic() - began

    expect(admin.locator(".guide")).to_contain_text(
        "Your last order would have earned", timeout=WAIT
    )
    assert merchant.clicks <= MOST_CLICKS
    assert seconds <= MOST_SECONDS
    context.close()
