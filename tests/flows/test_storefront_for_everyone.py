"""The demo shop for those who use no mouse, and for those whose browser runs no script."""

import re

import pytest
from playwright.sync_api import expect

from tests.flows.clicks import WAIT, go_live, install, launcher, log_in, reload_until
from tests.flows.processes import running_demo

MOST_STOPS = 80


@pytest.fixture
def urls(tmp_path, chromium):
    """A demo whose merchant has gone live."""
    with running_demo(tmp_path) as demo:
        urls = demo.ready()
        context = chromium.new_context(locale="en-GB")
        merchant = context.new_page()
        install(merchant, urls)
        go_live(merchant)
        context.close()
        yield urls


@pytest.fixture
def page(chromium):
    """A page that nobody has a mouse for."""
    context = chromium.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(chromium):
    """A page that runs no script."""
    context = chromium.new_context(locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def press(page, target):
    """Tab to something, as people do who see where the focus is, and press Enter."""
    expect(target).to_be_visible(timeout=WAIT)
    for _ in range(MOST_STOPS):
        if target.evaluate("(node) => node.getRootNode().activeElement === node"):
            box = target.bounding_box()
            assert box["width"] >= 24, "A target is at least 24 pixels wide."
            assert box["height"] >= 24, "A target is at least 24 pixels high."
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached with Tab.")


def buy_by_keyboard(page, urls, product):
    """From the shelf to the page that says thank you."""
    page.goto(urls["shop_url"])
    press(page, page.get_by_role("link", name=product).first)
    expect(page.locator("stamkunde-points")).to_have_text(re.compile(r"^Earns \d+ points$"))
    press(page, page.get_by_role("button", name="Add to basket"))
    expect(page.locator("stamkunde-points")).to_contain_text(re.compile(r"This order earns \d+"))
    press(page, page.get_by_role("link", name="Checkout"))
    press(page, page.get_by_role("button", name=re.compile("^Place the order")))
    expect(page.get_by_role("heading", name="Thank you, Astrid!")).to_be_visible()
    # The words change from what the order will give to what it gave, once it has been heard of.
    expect(page.locator("stamkunde-points")).to_have_text(
        re.compile(r"^You earned \d+ points with this order\.$"), timeout=WAIT
    )


def test_a_shopper_does_everything_with_the_keyboard_alone(urls, page):
    page.goto(f"{urls['shop_url']}/login")
    press(page, page.get_by_role("button", name=re.compile("Astrid")))
    expect(page).to_have_url(re.compile("/account$"))
    buy_by_keyboard(page, urls, "Winter teapot")

    reload_until(page, f"{urls['shop_url']}/account", launcher(page, 745))
    expect(page.locator("stamkunde-points")).to_contain_text("You have 745 points.")
    press(page, launcher(page, 745))
    panel = page.get_by_role("dialog")
    press(page, panel.get_by_role("button", name=re.compile("^Redeem.*50 kr")))
    press(page, panel.get_by_role("link", name="Use it"))

    expect(page).to_have_url(re.compile("/cart$"))
    buy_by_keyboard(page, urls, "Dawn bowl")
    # 229.00 less 50.00 earns 179 points more.
    reload_until(page, urls["shop_url"], launcher(page, 245 + 179))
    press(page, launcher(page, 424))
    page.keyboard.press("Escape")
    expect(launcher(page, 424)).to_be_focused()


def test_a_shopper_without_scripts_reads_and_redeems_on_the_page(urls, page, plain_page):
    log_in(page, urls, "Astrid")
    buy_by_keyboard(page, urls, "Winter teapot")

    log_in(plain_page, urls, "Astrid")
    plain_page.goto(f"{urls['shop_url']}/apps/stamkunde/")
    expect(plain_page.locator(".balance")).to_have_text("745 points")
    expect(plain_page.get_by_role("heading", name="How to earn points")).to_be_visible()
    plain_page.get_by_role("button", name=re.compile("^Redeem.*50 kr")).click()

    expect(plain_page.get_by_role("status")).to_contain_text("Your code is STAM-")
    expect(plain_page.locator(".balance")).to_have_text("245 points")
    use = plain_page.get_by_role("link", name="Use it").first
    reload_until(plain_page, f"{urls['shop_url']}/apps/stamkunde/", use)
    use.click()
    expect(plain_page).to_have_url(re.compile("/cart$"))
