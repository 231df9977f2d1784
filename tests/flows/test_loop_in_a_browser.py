"""The loop as people click it, in a real browser, against the real programs."""

import re

import pytest
from playwright.sync_api import expect

from tests.flows.clicks import WAIT, buy, go_live, install, launcher, log_in, reload_until
from tests.flows.processes import running_demo, stamkunde


@pytest.fixture
def demo(tmp_path):
    """A fresh demo."""
    with running_demo(tmp_path) as demo:
        yield demo


@pytest.fixture
def page(chromium):
    """A page that remembers what went wrong on it."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.mistakes = []
    page.on("pageerror", lambda error: page.mistakes.append(str(error)))
    yield page
    context.close()


def test_from_an_empty_shop_to_a_code_at_the_checkout(demo, page, tmp_path):
    urls = demo.ready()
    install(page, urls)
    go_live(page)
    log_in(page, urls, "Astrid")

    buy(page, urls, "winter-teapot")
    reload_until(page, urls["shop_url"], launcher(page, 745))
    launcher(page, 745).click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("Bronze")
    panel.get_by_role("button", name=re.compile("^Redeem.*50 kr")).click()
    expect(panel.get_by_role("button", name=re.compile("Copy"))).to_be_visible(timeout=WAIT)
    code = re.search(r"STAM-\w{5}-\w{5}", panel.inner_text()).group()
    page.keyboard.press("Escape")
    expect(launcher(page, 245)).to_be_focused()

    # 229.00 less 50.00 earns 179 points more.
    buy(page, urls, "dawn-bowl", code)
    reload_until(page, urls["shop_url"], launcher(page, 245 + 179))

    verified = stamkunde("verify", instance=tmp_path)
    assert verified.returncode == 0, verified.stdout
    assert page.mistakes == []
