"""Points where they matter: places in the shop's own pages, filled from the widget's one answer."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

PRODUCT = (
    """<stamkunde-points data-for="product" data-lines='[["1", 1, 2400]]'></stamkunde-points>"""
)
CART = """<stamkunde-points data-for="cart" data-lines='[["1", 5, 12000]]'></stamkunde-points>"""
EARNS = [{"text": "Earns 24 points", "opens": False}]
USE = [
    {"text": "This order earns 120 points.", "opens": False},
    {"text": "You can use 500 points now: 50 kr. off", "opens": True},
]


def asked_places(storefront):
    """What the questions so far said of the page's places."""
    queries = [parse_qs(urlsplit(asked.path).query) for asked in storefront.api_requests()]
    return [json.loads(query["places"][0]) for query in queries if "places" in query]


@pytest.fixture
def product_and_cart(storefront):
    """A page on which both a product and a cart are told about."""
    storefront.widget = PRODUCT + CART
    storefront.me["places"] = [EARNS, USE]


def test_every_place_is_filled_by_one_question(page, storefront, product_and_cart):
    page.goto("/")

    product, cart = page.locator("stamkunde-points").all()
    expect(product).to_have_text("Earns 24 points")
    expect(cart).to_contain_text("This order earns 120 points.")
    page.wait_for_load_state("networkidle")
    assert asked_places(storefront) == [
        [
            {"for": "product", "lines": [["1", 1, 2400]]},
            {"for": "cart", "lines": [["1", 5, 12000]]},
        ]
    ]
    assert len(storefront.api_requests()) == 1


def test_nothing_moves_when_a_place_has_its_room(page, storefront, product_and_cart):
    page.goto("/")
    expect(page.get_by_text("Earns 24 points")).to_be_visible()

    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("noticed.shift") == 0


def test_a_place_opens_the_panel_and_gets_the_focus_back(page, storefront, product_and_cart):
    page.goto("/")
    use = page.get_by_role("button", name="You can use 500 points now")

    use.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(use).to_be_focused()


def test_a_balance_in_the_page_is_shown_at_once_and_places_after_it(
    page, storefront, product_and_cart
):
    storefront.widget += '<stamkunde-widget data-balance="740"></stamkunde-widget>'
    storefront.api = "hang"

    page.goto("/")

    expect(page.locator(".launcher")).to_have_text("740 points")


def test_a_place_that_changes_is_asked_about_again(page, storefront, product_and_cart):
    page.goto("/")
    product = page.locator("stamkunde-points").first
    expect(product).to_have_text("Earns 24 points")
    storefront.me["places"] = [[{"text": "Earns 48 points", "opens": False}], USE]

    product.evaluate("""(node) => node.dataset.lines = '[["1", 2, 4800]]'""")

    expect(product).to_have_text("Earns 48 points")
    assert asked_places(storefront)[-1][0] == {"for": "product", "lines": [["1", 2, 4800]]}


def a_large_cart(products):
    """A cart of so many products, as the theme extension writes it."""
    line = ["8123456789012", 2, 24900, "NK-CUP-01", "Nordlys Keramik", False]
    lines = json.dumps([line] * products, separators=(",", ":"))
    return (
        '<stamkunde-points data-for="cart" data-currency="DKK" data-unit="100"'
        f" data-lines='{lines}'></stamkunde-points>"
    )


def test_a_large_cart_is_asked_about(page, storefront):
    storefront.widget = a_large_cart(40)
    storefront.me["places"] = [USE]

    page.goto("/")

    expect(page.locator("stamkunde-points")).to_contain_text("This order earns 120 points.")
    [[cart]] = asked_places(storefront)
    assert len(cart["lines"]) == 40
    assert len(storefront.api_requests()) == 1


def test_a_cart_too_large_to_ask_about_takes_nothing_from_the_page(page, storefront):
    """The balance is there, and what fits into the question is answered at its own place."""
    storefront.widget = a_large_cart(99) + PRODUCT
    storefront.me["places"] = [EARNS]

    page.goto("/")

    cart, product = page.locator("stamkunde-points").all()
    expect(product).to_have_text("Earns 24 points")
    expect(cart).to_be_empty()
    expect(page.locator(".launcher")).to_have_text("740 points")
    assert len(storefront.api_requests()) == 1


def test_a_cart_that_outgrows_the_question_says_nothing_any_more(page, storefront):
    storefront.widget = a_large_cart(1)
    storefront.me["places"] = [USE]
    page.goto("/")
    cart = page.locator("stamkunde-points")
    expect(cart).to_contain_text("This order earns 120 points.")

    cart.evaluate("(node) => node.dataset.lines = JSON.stringify(Array(99).fill(Array(20)))")

    expect(cart).to_be_empty()


def test_where_long_questions_are_refused_the_panel_is_there(page, storefront):
    storefront.widget = a_large_cart(40)
    storefront.longest_path = 2000

    page.goto("/")

    expect(page.locator(".launcher")).to_have_text("740 points")
    page.locator(".launcher").click()
    expect(page.get_by_role("dialog")).to_contain_text("Nordlys Club")
    expect(page.locator("stamkunde-points")).to_be_empty()


def test_lines_that_nobody_can_read_take_nothing_from_the_page(page, storefront):
    storefront.widget = """<stamkunde-points data-for="cart" data-lines="[["></stamkunde-points>"""

    page.goto("/")

    expect(page.locator(".launcher")).to_have_text("740 points")
    assert page.evaluate("noticed.errors") == []


@pytest.mark.parametrize("failure", ["500", "garbage", "null", "half", "html", "hang", "reset"])
def test_a_place_stays_empty_when_the_app_is_away(page, storefront, product_and_cart, failure):
    storefront.api = failure

    page.goto("/")
    page.get_by_role("button", name="Add to cart").click()

    expect(page.locator("#cart")).to_have_text("1")
    expect(page.locator("stamkunde-points").first).to_be_empty()
    assert page.evaluate("noticed.errors") == []


def test_an_answer_without_places_leaves_them_empty(page, storefront):
    storefront.widget = PRODUCT

    page.goto("/")
    expect(page.locator(".launcher")).to_be_visible()

    expect(page.locator("stamkunde-points")).to_be_empty()
    assert page.evaluate("noticed.errors") == []
