"""The widget in every language and direction: complete, correct and open to everyone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.storefront_answers import a_guest, a_rich_member

LANGUAGES = ["en", "da", "nb", "sv", "de"]
TITLES = {
    "en": "Rewards",
    "da": "Belønninger",
    "nb": "Belønninger",
    "sv": "Belöningar",
    "de": "Prämien",
}
PAGES = [*((language, "ltr") for language in LANGUAGES), ("ar", "rtl")]
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
        "best-practice",
    ]
}


def violations(page):
    """What axe finds wrong with the page, in words."""
    answer = Axe().run(page, options=RULES).response
    assert answer["passes"], "axe looked at nothing"
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]


def opened(page):
    """The panel, opened on a fresh page."""
    page.goto("/")
    page.locator(".launcher").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", level=3).first).to_be_visible()
    return panel


@pytest.fixture
def texts(page):
    """The catalogs, as the widget itself holds them: by key, in the order of the languages."""
    page.goto("/")
    expect(page.locator(".launcher")).to_be_visible()
    return page.evaluate("customElements.get('stamkunde-widget').texts")


@pytest.mark.parametrize(("language", "direction"), PAGES)
def test_axe_finds_nothing_closed_or_open(page, storefront, language, direction):
    storefront.lang, storefront.dir, storefront.me = language, direction, a_rich_member()
    page.goto("/")
    expect(page.locator(".launcher")).to_be_visible()

    assert violations(page) == []
    opened(page)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["member", "redeemed", "undoing", "guest", "away"])
def test_axe_finds_nothing_in_any_state(page, storefront, scheme, state):
    page.emulate_media(color_scheme=scheme)
    if state == "guest":
        storefront.me = a_guest()
    if state == "away":
        storefront.api = "500"
    page.goto("/")
    page.locator(".launcher").click()
    if state in {"redeemed", "undoing"}:
        page.get_by_role("button", name="Redeem – 50 kr. off").click()
    if state == "undoing":
        page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_visible()

    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_decides_the_language(page, storefront, language):
    storefront.lang = language

    panel = opened(page)

    expect(panel.get_by_role("heading", name=TITLES[language])).to_be_visible()
    assert storefront.api_requests()[0].path.endswith(f"?locale={language}")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("no", "nb"), ("nn-NO", "nb"), ("de_AT", "de"), ("DA", "da"), ("ar", "en"), ("", "en")],
)
def test_every_language_tag_finds_a_language(page, storefront, tag, language):
    storefront.lang = tag

    opened(page)

    assert page.locator("stamkunde-widget section").get_attribute("lang") == language


def test_every_text_is_there_in_every_language(texts):
    incomplete = [key for key, all_five in texts.items() if len([*filter(None, all_five)]) != 5]

    assert len(texts) > 30
    assert incomplete == []


def test_every_language_fills_in_the_same(texts):
    def placeholders(text):
        return [set(re.findall(r"{\w+}", form)) for form in text.split("|")]

    differing = [
        key
        for key, all_five in texts.items()
        if len({frozenset(form) for text in all_five for form in placeholders(text)}) != 1
    ]

    assert differing == []


def test_numbers_read_rightly_from_right_to_left(page, storefront):
    """In a page that runs the other way, "740 points" must not become "points 740"."""
    storefront.lang, storefront.dir = "ar", "rtl"

    panel = opened(page)

    balance = panel.locator(".balance")
    number = balance.locator("bdi").bounding_box()
    noun_end = balance.evaluate(
        """(node) => {
          const range = document.createRange();
          range.selectNodeContents(node.lastChild);
          return range.getBoundingClientRect().right;
        }"""
    )
    assert number["x"] + number["width"] < noun_end
    assert panel.bounding_box()["x"] < 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_nothing_is_cut_off_at_320_pixels(page, storefront, language, text_size):
    storefront.lang, storefront.me = language, a_rich_member()
    page.set_viewport_size({"width": 320, "height": 640})

    panel = opened(page)
    page.locator("stamkunde-widget section").evaluate(
        "(node, size) => node.style.fontSize = size", text_size
    )

    assert panel.evaluate("(node) => node.scrollWidth - node.clientWidth") <= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_every_target_is_large_enough(page, storefront):
    storefront.me = a_rich_member()
    panel = opened(page)

    targets = [one for role in ("button", "link") for one in panel.get_by_role(role).all()]
    boxes = [target.bounding_box() for target in targets]

    assert len(boxes) > 5
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)


def test_who_wants_less_motion_gets_none(page):
    panel = opened(page)

    assert panel.evaluate("(node) => node.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert panel.evaluate("(node) => getComputedStyle(node).animationName") == "rise"


def test_forced_colors_leave_an_edge_to_see(page):
    page.emulate_media(forced_colors="active")

    panel = opened(page)

    assert panel.evaluate("(node) => getComputedStyle(node).borderTopWidth") == "1px"


def test_the_focus_is_never_behind_the_panel(page, storefront):
    """Whatever Tab reaches in an open panel can be seen in it (WCAG 2.4.11)."""
    storefront.me = a_rich_member()
    page.set_viewport_size({"width": 320, "height": 480})
    opened(page)

    hidden = []
    for _ in range(25):
        page.keyboard.press("Tab")
        hidden += page.evaluate(
            """() => {
              const root = document.querySelector("stamkunde-widget").shadowRoot;
              const node = root.activeElement;
              if (!node) return [];
              const { top, bottom, left, width } = node.getBoundingClientRect();
              const hit = root.elementFromPoint(left + width / 2, (top + bottom) / 2);
              return hit === node || node.contains(hit) ? [] : [node.id || node.className];
            }"""
        )

    assert hidden == []
