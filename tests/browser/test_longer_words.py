"""In words two fifths longer than ours every page still fits, on a phone and on a desk."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from app.web.storefront.page import STYLES
from app.web.storefront.script import widget_script
from tests.browser.admin_screens import PAGES, ids_for_pages
from tests.browser.fitting import ill_fitting
from tests.browser.longer import KEPT, LongerOffice, all_longer, longer, messages
from tests.browser.storefront_answers import a_guest, a_rich_member
from tests.browser.test_admin import DESK, PHONE
from tests.web.signing import OTHER_SHOP, proxied

SAID = frozenset({"text", "name", "terms", "reward", "day", "paused"})


@pytest.fixture(scope="module")
def office(sqlite_template, tmp_path_factory):
    """A busy shop and a new one, whose English is longer than English."""
    folder = tmp_path_factory.mktemp("longer")
    shutil.copy(sqlite_template, folder / "stamkunde.db")
    office = LongerOffice(f"sqlite:///{folder / 'stamkunde.db'}", folder / "translations")
    yield office
    office.close()


@pytest.fixture
def tab(chromium, office):
    """A tab of somebody whose browser speaks English."""
    context = chromium.new_context(base_url=office.url, locale="en-US")
    yield context.new_page()
    context.close()


def test_every_text_is_two_fifths_longer_and_fills_in_the_same():
    forms = [one.id if isinstance(one.id, tuple) else (one.id,) for one in messages()]
    before, after = (
        [len(KEPT.sub("", say(text))) for one in forms for text in one] for say in (str, longer)
    )

    assert sum(after) > 1.4 * sum(before) > 10_000
    assert longer("%(points)s for each {money} <b>%%</b>") == (
        "%(points)s förrö éàçhhç {money} <b>%%</b>"
    )


def test_every_page_of_the_admin_fits(tab, office):
    names = ids_for_pages(office)
    too_large = {}
    for domain, pages in ((OTHER_SHOP, ["/admin/"]), (office.shop.domain, PAGES)):
        tab.goto(office.way_in(domain))
        expect(tab.get_by_role("link", name=longer("Members"), exact=True)).to_be_visible()
        for path in pages:
            tab.goto(path.format(**names))
            for screen in (PHONE, DESK):
                tab.set_viewport_size(screen)
                if found := ill_fitting(tab):
                    too_large[domain, path, screen["width"]] = found

    assert too_large == {}


@pytest.mark.parametrize("customer", ["7", ""])
def test_the_loyalty_page_fits(tab, customer):
    tab.route("**/page.css", lambda route: route.fulfill(path=STYLES, content_type="text/css"))
    stamp = str(int(datetime.now(UTC).timestamp()))
    tab.goto(proxied("/proxy/", locale="en", customer=customer, timestamp=stamp))
    expect(tab.get_by_role("heading", name=longer("Good to know"))).to_be_visible()

    too_large = {}
    for screen in (PHONE, DESK):
        tab.set_viewport_size(screen)
        if found := ill_fitting(tab):
            too_large[screen["width"]] = found

    assert too_large == {}


@pytest.mark.parametrize("answer", [a_rich_member, a_guest])
def test_the_widget_fits(page, storefront, answer):
    storefront.me = all_longer(answer(), SAID)
    page.goto("/")
    texts = page.evaluate("customElements.get('stamkunde-widget').texts")
    script = widget_script()
    for key, (english, *_) in texts.items():
        if key != "marks":
            script = script.replace(quoted(english), quoted(longer(english)))
    page.route(
        "**/widget.js", lambda route: route.fulfill(body=script, content_type="text/javascript")
    )

    for screen in (PHONE, DESK):
        page.set_viewport_size(screen)
        page.goto("/")
        page.locator(".launcher").click()
        panel = page.get_by_role("dialog")
        expect(panel.get_by_role("heading", name=longer("Rewards"))).to_be_visible()
        assert ill_fitting(page) == []
        assert panel.evaluate("(node) => node.scrollWidth - node.clientWidth") <= 0


def quoted(text):
    """A text as the script writes it."""
    return json.dumps(text, ensure_ascii=False)
