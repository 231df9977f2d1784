"""The widget never harms the shop: small, quiet, still, and kind when the app is away."""

import gzip

import pytest
from playwright.sync_api import expect

from app.web.storefront.script import widget_script

SCRIPT_FAILURES = ["missing", "garbage", "hang", "reset"]
API_FAILURES = ["500", "garbage", "null", "half", "html", "hang", "reset"]
LIMIT_BYTES = 8 * 1024
LIMIT_UNPACKED_BYTES = 25 * 1024
BROWSER_NOTES = ("Failed to load resource", "Refused to execute script")


@pytest.fixture
def complaints(page):
    """What the page complains about, but for the browser's own notes on a failed load."""
    heard = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "console",
        lambda message: (
            heard.append(message.text)
            if message.type in {"error", "warning"} and not message.text.startswith(BROWSER_NOTES)
            else None
        ),
    )
    return heard


def assert_the_shop_works(page, complaints):
    """The cart counts, and nothing was thrown, refused or forbidden."""
    page.get_by_role("button", name="Add to cart").click()

    expect(page.locator("#cart")).to_have_text("1")
    assert page.evaluate("noticed.errors") == []
    assert page.evaluate("noticed.violations") == []
    assert complaints == []


def shift(page):
    """How much has moved by itself so far."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return page.evaluate("noticed.shift")


def test_the_script_is_small():
    script = widget_script().encode()

    assert len(gzip.compress(script, 9)) <= LIMIT_BYTES
    assert len(script) <= LIMIT_UNPACKED_BYTES


def test_the_strictest_policy_has_nothing_to_forbid(page, complaints):
    page.goto("/")
    page.locator(".launcher").click()
    page.get_by_role("button", name="Redeem – 50 kr. off").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Yes, give it back").click()
    expect(page.locator(".past")).to_be_visible()
    page.keyboard.press("Escape")

    assert_the_shop_works(page, complaints)


def test_one_question_is_asked_before_anyone_clicks(page, storefront):
    page.goto("/")
    expect(page.locator(".launcher")).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert [asked.path for asked in storefront.api_requests()] == ["/apps/stamkunde/me?locale=en"]


def test_nothing_is_kept_in_the_browser(page):
    page.goto("/")
    page.locator(".launcher").click()
    page.get_by_role("button", name="Redeem – 50 kr. off").click()
    expect(page.locator(".code")).to_be_visible()

    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("size", [(1280, 800), (320, 640)])
@pytest.mark.parametrize("attribute", ["", 'data-balance="740"'])
def test_nothing_moves(page, storefront, size, attribute):
    storefront.widget = f"<stamkunde-widget {attribute}></stamkunde-widget>"
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/")
    expect(page.locator(".launcher")).to_be_visible()

    page.locator(".launcher").click()
    page.get_by_role("button", name="Redeem – 50 kr. off").click()
    expect(page.locator(".code")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".launcher")).to_have_text("240 points")

    assert shift(page) == 0


@pytest.mark.parametrize("failure", SCRIPT_FAILURES)
def test_a_shop_whose_widget_does_not_come_works(page, storefront, complaints, failure):
    storefront.script = failure

    page.goto("/", wait_until="domcontentloaded")

    assert_the_shop_works(page, complaints)
    expect(page.locator("stamkunde-widget")).to_have_count(0)


@pytest.mark.parametrize("failure", API_FAILURES)
def test_a_shopper_is_told_that_the_points_are_safe(page, storefront, complaints, failure):
    storefront.api = failure

    page.goto("/")
    assert_the_shop_works(page, complaints)
    page.locator(".launcher").click()

    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("unavailable right now, but your points are safe")
    assert complaints == []
    assert shift(page) == 0


def test_trying_again_finds_the_app_when_it_is_back(page, storefront, complaints):
    storefront.api = "reset"
    page.goto("/")
    page.locator(".launcher").click()
    again = page.get_by_role("button", name="Try again")

    again.click()
    expect(again).to_be_visible()
    storefront.api = "works"
    again.click()

    expect(page.get_by_role("dialog")).to_contain_text("740 points")
    expect(page.get_by_role("heading", name="Nordlys Club")).to_be_focused()
    page.keyboard.press("Escape")
    assert_the_shop_works(page, complaints)


@pytest.mark.parametrize("failure", API_FAILURES)
def test_a_redemption_that_fails_leaves_the_panel_usable(page, storefront, complaints, failure):
    page.goto("/")
    page.locator(".launcher").click()
    redeem = page.get_by_role("button", name="Redeem – 50 kr. off")
    expect(redeem).to_be_visible()
    storefront.api = failure

    redeem.click()
    expect(page.get_by_role("status")).to_contain_text("your points are safe")
    storefront.api = "works"
    redeem.click()
    expect(page.locator(".code")).to_have_count(1)

    assert len(set(storefront.keys())) == 1
    page.keyboard.press("Escape")
    assert_the_shop_works(page, complaints)


def poisoned(value):
    """An answer whose every object also names what all objects of a page have in common."""
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    if not isinstance(value, dict):
        return value
    bait = {"poison": "drunk", "text": "drunk"}
    names = {"__proto__": bait, "constructor": {"prototype": bait}, "prototype": bait}
    return {name: poisoned(one) for name, one in value.items()} | names


def test_no_answer_reaches_what_all_objects_have_in_common(page, complaints):
    answered = []

    def poison(route):
        answer = route.fetch()
        answered.append(route.request.method)
        route.fulfill(response=answer, json=poisoned(answer.json()))

    page.route("**/apps/stamkunde/**", poison)
    page.goto("/")
    page.locator(".launcher").click()
    page.get_by_role("button", name="Redeem – 50 kr. off").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Yes, give it back").click()
    expect(page.locator(".past")).to_be_visible()
    page.keyboard.press("Escape")

    assert answered.count("POST") == 2
    assert page.evaluate("[{}, [], '', () => 0].map((one) => one.poison ?? one.text)") == [None] * 4
    assert_the_shop_works(page, complaints)
