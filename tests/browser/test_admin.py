"""The admin in a real browser: open to everyone, on every screen, with scripts and without."""

import re
import shutil
from gzip import compress
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.routing import Map, Rule

from app.manifest.document import load_manifest
from tests.browser.admin_office import Office
from tests.browser.admin_screens import NO_PAGES, PAGES, ids_for_pages
from tests.browser.fitting import BROKEN_OUT, WIDER_THAN_THE_SCREEN
from tests.web.signing import OTHER_SHOP

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
MOST_OF_A_PAGE, MOST_OF_SCRIPTS = 40_000, 20_000
"""In bytes, as they are sent: packed."""


@pytest.fixture(scope="module")
def office(sqlite_template, tmp_path_factory):
    """The admin of a busy shop and of a new one."""
    path = tmp_path_factory.mktemp("office") / "stamkunde.db"
    shutil.copy(sqlite_template, path)
    office = Office(f"sqlite:///{path}")
    office.ids = ids_for_pages(office)
    yield office
    office.close()


@pytest.fixture
def enter(chromium, office):
    """Have a merchant come in from their shop, with a screen and a language of their own."""
    contexts = []

    def enter(domain=None, **wishes):
        context = chromium.new_context(base_url=office.url, **wishes)
        contexts.append(context)
        page = context.new_page()
        page.goto(office.way_in(domain) if domain else office.way_in())
        return page

    yield enter
    for context in contexts:
        context.close()


def violations(page):
    """What axe finds wrong with the page, in words."""
    answer = Axe().run(page, options=RULES).response
    assert answer["passes"], "axe looked at nothing"
    return [
        f"{page.url} {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]


def test_every_page_of_the_manifest_is_looked_at(office):
    routes = {
        one["path"]
        for one in load_manifest()["requests"]
        if (one["method"], one["auth"]) == ("GET", "session")
    }
    way = Map([Rule(route, endpoint=route) for route in routes]).bind("app.example")

    looked_at = {way.match(urlsplit(path.format(**office.ids)).path)[0] for path in PAGES}

    assert routes - looked_at == NO_PAGES


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_any_page(enter, office, scheme, screen):
    page = enter(viewport=screen, color_scheme=scheme, locale="da-DK")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))

    found = []
    for path in PAGES:
        page.goto(path.format(**office.ids))
        page.evaluate(
            "document.querySelectorAll('main details').forEach((one) => { one.open = true })"
        )
        found += violations(page)

    assert found == []
    assert complaints == []


@pytest.mark.parametrize("locale", ["en-US", "da-DK", "nb-NO", "sv-SE", "de-DE"])
def test_a_phone_never_scrolls_sideways(enter, office, locale):
    page = enter(viewport=PHONE, locale=locale)

    too_wide = {}
    for path in PAGES:
        page.goto(path.format(**office.ids))
        if page.evaluate(WIDER_THAN_THE_SCREEN) > 0 or page.evaluate(BROKEN_OUT):
            too_wide[path] = page.evaluate(BROKEN_OUT)

    assert too_wide == {}


def weights(page, path):
    """What a page and its own scripts weigh, in bytes as they are sent, packed."""
    answer = page.request.get(path)
    scripts = re.findall(r'<script[^>]* src="(/[^"]+)"', answer.text())
    return len(compress(answer.body())), sum(
        len(compress(page.request.get(script).body())) for script in scripts
    )


def test_no_page_is_heavy(enter, office):
    page = enter(locale="de-DE")

    weighed = {path: weights(page, path.format(**office.ids)) for path in PAGES}

    assert all(of_scripts for _of_page, of_scripts in weighed.values())
    too_heavy = [
        path
        for path, (of_page, of_scripts) in weighed.items()
        if of_page > MOST_OF_A_PAGE or of_scripts > MOST_OF_SCRIPTS
    ]
    assert too_heavy == []


def test_a_draft_with_mistakes_is_open_to_everyone_too(enter):
    page = enter(viewport=PHONE, locale="en-US")
    page.goto("/admin/program")

    page.get_by_label("for each").fill("0")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("alert")).to_contain_text("Not published yet")
    expect(page.get_by_label("for each")).to_have_accessible_description(re.compile("above 0"))
    assert violations(page) == []


def test_without_a_script_rows_can_be_added_tried_and_published(enter):
    page = enter(java_script_enabled=False, viewport=DESK, locale="en-US")
    page.goto("/admin/program")

    page.get_by_role("button", name="Add a tier").click()
    new = page.get_by_role("group", name="Tier 4")
    new.get_by_label("Name").fill("Platinum")
    new.get_by_label("Begins at").fill("9,000")
    page.get_by_label("Points", exact=True).fill("2")
    page.get_by_role("button", name="Calculate").click()
    expect(page.locator("#earned")).to_contain_text("1,000 points")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("status")).to_contain_text("Published as revision")
    expect(page.get_by_role("group", name="Tier Platinum")).to_be_visible()


def test_without_a_script_the_night_is_dark(enter):
    page = enter(java_script_enabled=False, color_scheme="dark")

    background = page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")

    assert max(int(part) for part in re.findall(r"\d+", background)) < 64


def test_the_calculator_answers_while_somebody_types(enter):
    page = enter(OTHER_SHOP, viewport=DESK, locale="en-US")
    page.goto("/admin/program")

    page.get_by_label("Goods after discounts").fill("750")
    expect(page.locator("#earned")).to_contain_text("750 points")
    page.get_by_label("Points", exact=True).fill("3")
    expect(page.locator("#earned")).to_contain_text("2,250 points")


def test_a_new_merchant_goes_live_and_chooses_a_language(enter):
    page = enter(OTHER_SHOP, viewport=PHONE, locale="en-US")
    expect(page.get_by_role("heading", name="Place a test order")).to_be_visible()

    page.get_by_role("button", name="Go live").click()
    expect(page.locator("#effect")).to_have_text(
        "Everybody begins with 0 points. Orders count from now on."
    )
    assert violations(page) == []
    page.get_by_role("button", name="Go live").click()
    expect(page.get_by_role("status")).to_contain_text("You are live")
    page.get_by_label("Language").click()
    page.get_by_role("link", name="Dansk").click()

    expect(page.get_by_role("link", name="Sæt på pause")).to_be_visible()
    assert violations(page) == []


def test_the_keyboard_reaches_every_table_and_form(enter, office):
    page = enter(viewport=PHONE, locale="en-US")
    page.goto(f"/admin/members/{office.member.id}")

    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_visible()


def test_a_new_key_is_open_to_everyone_and_copied_by_a_button(enter):
    page = enter(viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/admin/settings/keys")
    page.locator("[name=name]").fill("Review app")
    page.locator("main form button.btn-primary").click()

    page.locator("[data-copies]").click()

    expect(page.locator("[data-copies]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#made").input_value()
    assert copied.startswith("stamkunde_")
    assert violations(page) == []
    assert page.evaluate(BROKEN_OUT) == []


def test_without_a_script_a_key_is_made_and_revoked(enter):
    page = enter(java_script_enabled=False)
    page.goto("/admin/settings/keys")
    page.locator("[name=name]").fill("Till without scripts")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#made")).to_have_value(re.compile("^stamkunde_"))
    expect(page.locator("[data-copies]")).to_be_hidden()

    row = page.locator("tr", has_text="Till without scripts")
    row.locator("summary").click()
    row.locator("button").click()

    expect(page.locator("tr", has_text="Till without scripts")).to_contain_text("Revoked")
