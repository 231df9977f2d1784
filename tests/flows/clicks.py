"""What people click in the demo: the merchant in the back office, the shopper in the shop."""

import re

from playwright.sync_api import TimeoutError as Timeout
from playwright.sync_api import expect

WAIT = 20_000
"""Milliseconds for what goes through webhook, worker and platform on a busy machine."""


def install(page, urls):
    """As a merchant: install from the demo shop's back office, and agree."""
    page.goto(f"{urls['shop_url']}/admin/apps")
    page.get_by_role("link", name="Install Stamkunde").click()
    page.get_by_role("button", name="Install").click()
    expect(page).to_have_url(re.compile(re.escape(urls["app_url"]) + "/admin/"))


def go_live(page):
    """As a merchant: show the program to shoppers, once the shop's money is known.

    Until then the page looks again by itself; a visitor who reloads it as well cuts off its own.
    """
    button = page.get_by_role("button", name="Go live")
    expect(button).to_be_visible(timeout=WAIT)
    button.click()
    expect(page.get_by_role("heading", name="Which past orders earn points?")).to_be_visible()
    button.click()
    expect(page.get_by_role("link", name="Pause")).to_be_visible()


def log_in(page, urls, name):
    """As a shopper: log in as one of the regulars."""
    page.goto(f"{urls['shop_url']}/login")
    page.get_by_role("button", name=re.compile(name)).click()


def buy(page, urls, product, code=""):
    """As a shopper: put a product in the basket and pay for it, with a code if there is one."""
    page.goto(f"{urls['shop_url']}/products/{product}")
    page.locator("form.buy button").click()
    page.goto(f"{urls['shop_url']}/checkout")
    if code:
        page.locator("#code").fill(code)
        page.locator("form.code-form button").click()
    page.locator("form#buy button").click()
    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()


def reload_until(page, url, wanted):
    """Open a page again until something is on it."""
    for _ in range(40):
        page.goto(url)
        try:
            wanted.wait_for(state="visible", timeout=1000)
        except Timeout:
            continue
        return
    raise AssertionError(f"{wanted} never came up on {url}.")


def launcher(page, points):
    """The widget's button, when it shows so many points."""
    return page.get_by_role("button", name=re.compile(rf"^{points} points"))
