"""The loyalty page in a real browser: for everyone, in every language, narrow and dark."""

import shutil
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.web.storefront.page import STYLES
from tests.browser.admin_office import Office
from tests.browser.test_storefront_languages import LANGUAGES, RULES
from tests.web.signing import proxied


@pytest.fixture(scope="module")
def office(sqlite_template, tmp_path_factory):
    """A running installation with a busy shop."""
    path = tmp_path_factory.mktemp("page") / "stamkunde.db"
    shutil.copy(sqlite_template, path)
    office = Office(f"sqlite:///{path}")
    yield office
    office.close()


@pytest.fixture
def shown(chromium, office):
    """The page as the shop's proxy passes it on, at its narrowest and in the dark."""
    context = chromium.new_context(
        base_url=office.url, viewport={"width": 320, "height": 640}, color_scheme="dark"
    )
    page = context.new_page()
    page.route("**/page.css", lambda route: route.fulfill(path=STYLES, content_type="text/css"))

    def show(locale, customer="7"):
        stamp = str(int(datetime.now(UTC).timestamp()))
        page.goto(proxied("/proxy/", locale=locale, customer=customer, timestamp=stamp))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    yield show
    context.close()


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("customer", ["7", ""])
def test_axe_finds_nothing_and_nothing_is_cut_off(shown, locale, customer):
    page = shown(locale, customer)

    answer = Axe().run(page, options=RULES).response
    assert answer["passes"]
    assert [rule["id"] for rule in answer["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_every_control_can_be_reached_and_is_large_enough(shown):
    page = shown("en")

    boxes = [one.bounding_box() for one in page.get_by_role("button").all()]

    assert boxes
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
